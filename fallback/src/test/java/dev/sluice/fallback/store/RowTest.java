package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Secret;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.WriteState;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowTest {
  static final byte[] CONTENT = RecordCodec.encode(Writes.put("/a", "body"));

  static Row row(long sequence) {
    return new Row(
        sequence,
        "id" + sequence,
        WriteState.QUEUED,
        0,
        0,
        1,
        1000,
        1,
        0,
        false,
        "route",
        null,
        null,
        "fingerprint",
        CONTENT.length,
        Seal.CLEAR,
        Digests.sha256(CONTENT),
        "",
        null,
        false);
  }

  @Test
  void everyChangeChangesTheDigest() {
    Row row = row(1);
    Set<String> digests = new HashSet<>();
    digests.add(row.digest());
    digests.add(row(2).digest());
    digests.add(row.claimed().digest());
    digests.add(row.waitingUntil(7, true).digest());
    digests.add(row.interruptedAt(7).digest());
    digests.add(row.ended(WriteState.DEAD, 7).digest());
    digests.add(row.requeued(7, 9).digest());
    digests.add(row.withOutcome("o").digest());
    digests.add(row.withContent("c").digest());
    assertThat(digests).hasSize(9);
  }

  @Test
  void recordsSurviveTheCodec() {
    NewWrite write = Writes.post("key", "body");
    assertThat(RecordCodec.write(RecordCodec.encode(write))).isEqualTo(write);
    byte[] cut = java.util.Arrays.copyOf(CONTENT, CONTENT.length - 1);
    assertThatThrownBy(() -> RecordCodec.write(cut)).isInstanceOf(DamagedRecord.class);
  }

  @Test
  void sealedBytesOpenOnlyInTheirPlace() {
    Seal seal = Seal.of(new Secret(Writes.KEY));
    byte[] sealed = seal.close(CONTENT, row(1).contentPlace());
    assertThat(seal.open(sealed, seal.keyId(), row(1).contentPlace())).isEqualTo(CONTENT);
    assertThatThrownBy(() -> seal.open(sealed, seal.keyId(), row(2).contentPlace()))
        .isInstanceOf(DamagedRecord.class);
    assertThatThrownBy(() -> seal.open(sealed, seal.keyId(), row(1).outcomePlace()))
        .isInstanceOf(DamagedRecord.class);
    assertThatThrownBy(() -> Seal.of(new Secret("c2hvcnQ=")))
        .hasMessageContaining("5 bytes instead of 32");
  }
}

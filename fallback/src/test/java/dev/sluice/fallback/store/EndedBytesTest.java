package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fallback.queue.Allowance;
import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndedBytesTest {
  private static final List<WriteState> ENDS =
      List.of(WriteState.SUCCEEDED, WriteState.FAILED, WriteState.AMBIGUOUS, WriteState.DEAD);

  @TempDir Path folder;
  private final Random random = new Random();
  private Connection connection;
  private Session session;
  private Changes changes;

  @BeforeEach
  void open() throws Exception {
    Path file = folder.resolve("sluice.db");
    connection = Connections.writing(file);
    Room room = new Room(() -> new Room.Level(Long.MAX_VALUE / 2, 0, 0));
    Opening.Opened opened = Opening.open(Seal.of(null), connection, room, null, 0);
    session = opened.session();
    changes = new Changes(Writes.config(file), opened.salt());
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theSumsInMemoryAreThoseOfTheFile(long seed) throws Exception {
    random.setSeed(seed);
    for (int time = 1; time < 200; time++) {
      step(time);
      EndedBytes read = session.tables().endedBytes();
      assertThat(session.index().ended().settled()).isEqualTo(read.settled());
      assertThat(session.index().ended().parked()).isEqualTo(read.parked());
    }
    assertThat(session.index().ended().settled()).isPositive();
  }

  private void step(int time) throws Exception {
    NewWrite write = Writes.post(null, "x".repeat(random.nextInt(3000)));
    changes.accept(session, write, Allowance.WHOLE, RecordCodec.encode(write), time);
    for (QueuedWrite claimed : changes.claim(session, 1, time, route -> true)) {
      finish(claimed, time);
    }
    List<Row> parked = session.tables().inState(WriteState.DEAD, 0, 1);
    if (random.nextInt(3) == 0 && !parked.isEmpty()) {
      changes.requeue(session, parked.get(0).id(), 1000, time);
    }
    if (random.nextInt(9) == 0) {
      List<Row> old = session.tables().endedBefore(time, 3);
      for (Row row : old) {
        session.delete(row);
      }
    }
  }

  private void finish(QueuedWrite claimed, int time) throws Exception {
    CapturedAnswer answer =
        random.nextBoolean()
            ? new CapturedAnswer(200, List.of(), new byte[random.nextInt(5000)])
            : null;
    WriteState end = ENDS.get(random.nextInt(ENDS.size()));
    if (random.nextInt(4) == 0) {
      changes.retry(session, claimed.id(), claimed.epoch(), time, "503", true);
      changes.withdraw(session, claimed.id(), true, time);
    } else {
      changes.complete(
          session, claimed.id(), claimed.epoch(), new Completion(end, answer, "e"), time);
    }
  }
}

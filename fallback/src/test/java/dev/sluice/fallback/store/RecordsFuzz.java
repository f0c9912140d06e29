package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.store.RecordCodec.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Bytes of a store's files: damaged, or what is written again as the same. */
public final class RecordsFuzz {
  private RecordsFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    read(
        input,
        bytes -> {
          NewWrite write = RecordCodec.write(bytes);
          same(RecordCodec.encode(write), RecordCodec.encode(again(write)));
        });
    read(
        input,
        bytes -> {
          Outcome outcome = RecordCodec.outcome(bytes);
          byte[] first = RecordCodec.encode(outcome);
          same(first, RecordCodec.encode(RecordCodec.outcome(first)));
        });
    read(
        input,
        bytes -> {
          byte[] first = CopyCodec.encode(CopyCodec.decode(bytes));
          same(first, CopyCodec.encode(CopyCodec.decode(first)));
        });
    read(
        input,
        bytes -> {
          byte[] first = CopyCodec.encode(CopyCodec.decodeVoided(bytes));
          same(first, CopyCodec.encode(CopyCodec.decodeVoided(first)));
        });
    HighWater.Mark.parse(new String(input, StandardCharsets.ISO_8859_1));
  }

  private static NewWrite again(NewWrite write) {
    return RecordCodec.write(RecordCodec.encode(write));
  }

  private static void same(byte[] one, byte[] other) {
    if (!Arrays.equals(one, other)) {
      throw new AssertionError("written again it is another");
    }
  }

  private static void read(byte[] input, Consumer<byte[]> reading) {
    try {
      reading.accept(input);
    } catch (DamagedRecord damaged) {
      // as it is to be
    }
  }
}

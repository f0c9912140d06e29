package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.WriteState;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Bytes of ended records, contents and outcomes, by state. For the writer's thread. */
final class EndedBytes {
  /** Their end is final: what is gone early is an answer, not a write. */
  static final Set<WriteState> SETTLED =
      EnumSet.of(WriteState.SUCCEEDED, WriteState.FAILED, WriteState.CANCELLED);

  private final Map<WriteState, Long> bytes;

  EndedBytes(Map<WriteState, Long> bytes) {
    this.bytes = new EnumMap<>(WriteState.class);
    this.bytes.putAll(bytes);
  }

  void came(Row row, long outcome) {
    add(row, row.bytes() + outcome);
  }

  void left(Row row, long outcome) {
    add(row, -row.bytes() - outcome);
  }

  private void add(Row row, long change) {
    if (!row.active()) {
      bytes.merge(row.state(), change, Long::sum);
    }
  }

  /** Those that may be deleted before their retention, the oldest first. */
  long settled() {
    return sum(SETTLED);
  }

  /** Those that an operator may still put back: nothing but their retention deletes them. */
  long parked() {
    return sum(EnumSet.complementOf(EnumSet.copyOf(SETTLED)));
  }

  private long sum(Set<WriteState> states) {
    return states.stream().mapToLong(state -> bytes.getOrDefault(state, 0L)).sum();
  }
}

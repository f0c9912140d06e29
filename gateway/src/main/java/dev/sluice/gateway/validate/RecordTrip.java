package dev.sluice.gateway.validate;

import dev.sluice.config.Validation.Marked;
import dev.sluice.gateway.validate.Visitor.Answer;
import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Step;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of a write and a read from end to end: a marked record is written through the gateway,
 * read back from the backend and removed again, whatever was found. Blocks.
 */
public final class RecordTrip {
  private static final String NAME = "record";
  private static final Set<Integer> GONE = Set.of(404, 410);

  private final Marked marked;
  private final Visitor visitor;
  private final LongSupplier nanos;

  public RecordTrip(Marked marked, Visitor visitor, LongSupplier nanos) {
    this.marked = marked;
    this.visitor = visitor;
    this.nanos = nanos;
  }

  /** A word that no record has yet. */
  static String mark() {
    return "sluice-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  /** One step. */
  public Step run() {
    long begun = nanos.getAsLong();
    String fault = fault(mark());
    Duration took = Duration.ofNanos(nanos.getAsLong() - begun);
    return fault == null
        ? Step.of(NAME, marked.path(), Outcome.PASSED, "written, read back and removed", took)
        : Step.of(NAME, marked.path(), Outcome.FAILED, fault, took);
  }

  /** What is wrong; null when nothing is. */
  private @Nullable String fault(String mark) {
    Answer written = visitor.write(marked.path(), marked.with(mark), marked.contentType(), mark);
    String fault = written(written);
    if (fault == null) {
      fault = read(visitor.readAnew(marked.path()), mark);
    }
    String left = written.status() == 0 ? null : removed();
    return fault == null ? left : fault;
  }

  private static @Nullable String written(Answer answer) {
    if (answer.status() == 202) {
      return "the write is held, not done";
    }
    return answer.well() ? null : "PUT was answered " + answer.said();
  }

  /** What is wrong with the answer to a read of a record with this mark; null when nothing is. */
  static @Nullable String read(Answer answer, String mark) {
    if (!answer.well()) {
      return "GET was answered " + answer.said();
    }
    if (answer.stored()) {
      return "GET was answered from a stored copy";
    }
    return answer.body().contains(mark) ? null : "GET shows another record than was written";
  }

  private @Nullable String removed() {
    return removed(visitor, marked);
  }

  /** Removes the record; what is wrong, or null. */
  static @Nullable String removed(Visitor visitor, Marked marked) {
    Answer removed = visitor.remove(marked.path());
    if (removed.status() == 202) {
      return "the removal is held, not done";
    }
    if (!removed.well() && !GONE.contains(removed.status())) {
      return "DELETE was answered " + removed.said() + ": the record may still be there";
    }
    Answer after = visitor.readAnew(marked.path());
    return GONE.contains(after.status())
        ? null
        : "after DELETE the record is answered " + after.said();
  }
}

package dev.sluice.gateway.validate;

import dev.sluice.config.Validation.Marked;
import dev.sluice.gateway.validate.Expected.Way;
import dev.sluice.gateway.validate.Visitor.Answer;
import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One drill from outside: a dependency goes down, every route is visited, and afterwards everything
 * must be as before, with held writes done in their order. Blocks.
 */
public final class DrillSteps {

  private static final Duration LOOKS = Duration.ofMillis(200);
  private static final Duration RECOVERY = Duration.ofSeconds(60);

  private final Visitor visitor;
  private final @Nullable Marked marked;
  private final LongSupplier nanos;
  private final Consumer<Step> told;
  private final Map<String, Integer> before = new LinkedHashMap<>();
  private final List<String> marks = new ArrayList<>();
  private final List<String> monitors = new ArrayList<>();
  private @Nullable String heldRoute;
  private String dependency = "";

  /**
   * @param marked the record that is written; null where no route is expected to hold it
   * @param told takes each step as it ends
   */
  public DrillSteps(
      Visitor visitor, @Nullable Marked marked, LongSupplier nanos, Consumer<Step> told) {

    this.visitor = visitor;
    this.marked = marked;
    this.nanos = nanos;
    this.told = told;
  }

  /**
   * Drills one dependency.
   *
   * @param expected of every route, in the order in which they are visited
   * @param outage how it goes down
   */
  public void run(String id, List<Expected> expected, Outage outage) {
    dependency = id;
    before.clear();
    marks.clear();
    monitors.clear();
    heldRoute = null;
    expected.forEach(this::warm);
    long refused = expected.stream().filter(each -> each.way() == Way.REFUSED).count();
    boolean on = false;
    try {
      Outage.Begun begun = outage.begin(refused);
      begun.steps().forEach(told);
      on = begun.on();
      if (on) {
        look(expected, outage);
      }
    } finally {
      outage.end().forEach(told);
    }
    if (on) {
      afterwards(expected);
    }
  }

  private void look(List<Expected> expected, Outage outage) {
    for (Expected each : expected) {
      if (outage.trouble() == null) {
        visit(each);
      }
    }
    health();
    told.accept(step("untouched", dependency, () -> ranOn(outage)));
  }

  private void afterwards(List<Expected> expected) {
    expected.stream().filter(each -> each.way() == Way.COPIES).forEach(this::live);
    if (!monitors.isEmpty()) {
      told.accept(step("released", String.valueOf(heldRoute), this::released));
    }
  }

  /** Reads each route once, so that there is a copy of what is read. */
  private void warm(Expected each) {
    if (each.way() == Way.COPIES || each.way() == Way.AS_EVER) {
      before.put(each.route(), visitor.read(each.path()).status());
    }
  }

  private void visit(Expected each) {
    told.accept(
        step(
            name(each.way()),
            each.route(),
            () -> each.way() == Way.HELD ? held(each) : found(each, visitor.read(each.path()))));
  }

  private static String name(Way way) {
    return switch (way) {
      case AS_EVER -> "as ever";
      case COPIES -> "copies";
      case HELD -> "held";
      case REFUSED -> "refused";
    };
  }

  private Step step(String name, String subject, Supplier<Found> look) {
    long begun = nanos.getAsLong();
    Found found = look.get();
    Duration took = Duration.ofNanos(nanos.getAsLong() - begun);
    return Step.of(name, subject, found.outcome(), found.sentence(), took);
  }

  private Found found(Expected each, Answer answer) {
    Integer usual = before.get(each.route());
    return switch (each.way()) {
      case COPIES -> copied(answer, usual);
      case REFUSED ->
          answer.status() == 503
              ? Found.passed("refused with 503, as the files have it")
              : Found.failed("answered " + answer.said() + ", not 503");
      default ->
          Objects.equals(usual, answer.status())
              ? Found.passed("answered " + answer.said() + " as before")
              : Found.failed("answered " + answer.said() + ", before " + usual);
    };
  }

  private static Found copied(Answer answer, @Nullable Integer usual) {
    if (answer.well() && answer.stored()) {
      return Found.passed("answered from the stored copy");
    }
    if (usual == null || usual / 100 != 2) {
      return Found.unproven(
          "its path is answered " + usual + " when all is well: there is no copy");
    }
    return answer.well()
        ? Found.failed("answered, but not from a stored copy")
        : Found.failed("answered " + answer.said() + ", and not from a stored copy");
  }

  /** Two versions of one record, so that their order is seen afterwards. */
  private Found held(Expected each) {
    Marked record = Objects.requireNonNull(marked);
    heldRoute = each.route();
    for (int i = 0; i < 2; i++) {
      String mark = RecordTrip.mark();
      Answer answer = visitor.write(record.path(), record.with(mark), record.contentType(), mark);
      if (answer.status() != 202 || answer.location() == null) {
        return Found.failed("a write is answered " + answer.said() + ", not 202");
      }
      marks.add(mark);
      monitors.add(answer.location());
    }
    return Found.passed("two writes are held, each with a monitor");
  }

  private void health() {
    for (String path : List.of("/health/live", "/health/ready")) {
      told.accept(
          step(
              "health",
              path,
              () -> {
                Answer answer = visitor.read(path);
                return answer.status() == 200
                    ? Found.passed("answered 200: nobody is restarted")
                    : Found.failed("answered " + answer.said() + ", not 200");
              }));
    }
  }

  /** Whether the drill ran on to this moment. */
  private static Found ranOn(Outage outage) {
    String trouble = outage.trouble();
    return trouble == null ? Found.passed(outage.told()) : Found.failed(trouble);
  }

  private void live(Expected each) {
    Integer usual = before.get(each.route());
    if (usual != null && usual / 100 == 2) {
      told.accept(
          step(
              "live again",
              each.route(),
              () ->
                  eventually(
                      () -> {
                        Answer answer = visitor.readAnew(each.path());
                        return answer.well() && !answer.stored()
                            ? null
                            : "answered " + answer.said() + ", still from the copy";
                      },
                      "answered by the backend")));
    }
  }

  /** Each write is done, the last one last; then the record is removed. */
  private Found released() {
    Found done = eventually(this::unfinished, "both writes are done, in their order");
    if (done.outcome() != Outcome.PASSED) {
      return done;
    }
    Marked record = Objects.requireNonNull(marked);
    String fault = RecordTrip.read(visitor.readAnew(record.path()), marks.get(marks.size() - 1));
    String left = RecordTrip.removed(visitor, record);
    if (fault != null) {
      return Found.failed(fault);
    }
    return left == null ? done : Found.failed(left);
  }

  private @Nullable String unfinished() {
    for (String monitor : monitors) {
      String state = visitor.read(monitor).write();
      if (!"succeeded".equals(state)) {
        return "a held write is " + (state == null ? "unknown" : state);
      }
    }
    return null;
  }

  /**
   * Looks until nothing is wrong.
   *
   * @param wrong null when nothing is
   */
  private Found eventually(Supplier<@Nullable String> wrong, String well) {
    long begun = nanos.getAsLong();
    String why = wrong.get();
    while (why != null && nanos.getAsLong() - begun < RECOVERY.toNanos()) {
      Mono.delay(LOOKS).block();
      why = wrong.get();
    }
    return why == null
        ? Found.passed(well)
        : Found.failed(why + " after " + RECOVERY.toSeconds() + " s");
  }
}

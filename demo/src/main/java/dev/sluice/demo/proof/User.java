package dev.sluice.demo.proof;

import dev.sluice.demo.proof.Tally.Kind;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Caller.Answer;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One user, who reads orders and the list of them, and changes those that are hers: after each
 * answer she thinks for a while.
 */
final class User implements Runnable {
  private static final Pattern ITEM = Pattern.compile("\"item\":\"([^\"]*)\"");
  private static final double WRITES = .10;
  private static final double LISTS = .15;
  private static final int THINKS_MILLIS = 60;
  private static final int QUANTITY = 1;

  private final int number;
  private final Caller caller;
  private final List<History> orders;
  private final int users;
  private final Zipf popularity;
  private final SplittableRandom random;
  private final Counts counts;
  private final BooleanSupplier goesOn;

  /**
   * Where a user's answers are counted.
   *
   * @param listed of the list, which is fetched ahead
   * @param counted whether an answer counts as one of the time that is measured
   */
  record Counts(Tally read, Tally listed, Tally written, BooleanSupplier counted) {}

  /**
   * @param orders by their number; this user's are those whose number leaves hers when divided
   */
  User(
      int number,
      int users,
      Caller caller,
      List<History> orders,
      Zipf popularity,
      SplittableRandom random,
      Counts counts,
      BooleanSupplier goesOn) {
    this.number = number;
    this.users = users;
    this.caller = caller;
    this.orders = orders;
    this.popularity = popularity;
    this.random = random;
    this.counts = counts;
    this.goesOn = goesOn;
  }

  @Override
  public void run() {
    while (goesOn.getAsBoolean()) {
      double drawn = random.nextDouble();
      if (drawn < WRITES) {
        write();
      } else if (drawn < WRITES + LISTS) {
        list();
      } else {
        read();
      }
      long millis = 1L + random.nextInt(THINKS_MILLIS);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  private void read() {
    int rank = popularity.next(random);
    History order = orders.get(rank);
    long asked = System.nanoTime();
    boolean counted = counts.counted().getAsBoolean();
    Answer answer = asked(() -> caller.get(Proof.path(rank)));
    if (answer == null || answer.status() != 200) {
      failed(counts.read(), counted, answer);
      return;
    }
    Matcher item = ITEM.matcher(answer.body());
    long age = item.find() ? order.age(item.group(1), asked, stored(answer)) : -1;
    if (age < 0) {
      counts.read().wrong("GET " + Proof.path(rank) + " " + answer.body());
    } else if (counted && stored(answer)) {
      counts.read().stale(age / 1e9);
    } else if (counted) {
      counts.read().count(Kind.FRESH);
    }
  }

  private void list() {
    boolean counted = counts.counted().getAsBoolean();
    Answer answer = asked(() -> caller.get(Proof.LIST));
    if (answer == null || answer.status() != 200) {
      failed(counts.listed(), counted, answer);
    } else if (!answer.body().startsWith("[{") || !answer.body().endsWith("}]")) {
      counts.listed().wrong("GET " + Proof.LIST + " " + answer.body());
    } else if (counted) {
      counts.listed().count(stored(answer) ? Kind.STALE : Kind.FRESH);
    }
  }

  private void write() {
    int rank = popularity.next(random) / users * users + number;
    if (rank >= orders.size()) {
      return;
    }
    History order = orders.get(rank);
    int version = order.begin();
    boolean counted = counts.counted().getAsBoolean();
    String body = Proof.body(order.item(version), QUANTITY);
    String key = "user-" + number + "-order-" + rank + "-" + version;
    Answer answer = asked(() -> caller.write("PUT", Proof.path(rank), body, Optional.of(key)));
    Kind kind = kind(answer);
    if (kind == Kind.WRITTEN) {
      order.done(version, System.nanoTime());
    } else if (kind == Kind.QUEUED) {
      order.held(version);
    }
    if (kind == Kind.WRITTEN || kind == Kind.QUEUED) {
      if (counted) {
        counts.written().count(kind);
      }
    } else {
      failed(counts.written(), counted, answer);
    }
  }

  private static Kind kind(@Nullable Answer answer) {
    if (answer == null) {
      return Kind.FAILED;
    }
    return switch (answer.status()) {
      case 200, 201 -> Kind.WRITTEN;
      case 202 -> Kind.QUEUED;
      case 503, 429 -> Kind.REFUSED;
      default -> Kind.FAILED;
    };
  }

  private static void failed(Tally tally, boolean counted, @Nullable Answer answer) {
    if (counted) {
      tally.count(answer != null && answer.status() == 503 ? Kind.REFUSED : Kind.FAILED);
    }
  }

  /** A copy, or the answer to a question that somebody else had asked before (RFC 9211). */
  private static boolean stored(Answer answer) {
    String status = answer.header("cache-status").orElse("");
    return status.contains("hit") || status.contains("collapsed");
  }

  /** Null where no answer came. */
  private static @Nullable Answer asked(Supplier<Answer> question) {
    try {
      return question.get();
    } catch (UncheckedIOException e) {
      return null;
    }
  }
}

package dev.sluice.demo.fleet;

import dev.sluice.demo.backend.OrdersBackend;
import dev.sluice.demo.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Many gateways on one store before a database of fifty connections: the gateway that leads is
 * killed, the database dies, the next leader is frozen meanwhile, and the database comes back.
 * Demanded: one alert and one word of the end, no login refused for want of slots, logins at most
 * twice as frequent as on usual days, no more than two intervals without one while the database is
 * there, and breakers that close one after the other.
 */
public final class FleetCourse implements AutoCloseable {
  private static final int SLOTS = 50;
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofSeconds(40);
  private static final Duration SOON = Duration.ofSeconds(90);

  private final int size;
  private final Consumer<String> say;
  private final Random random;
  private final List<String> broken = new ArrayList<>();
  private final EmbeddedPostgres store = EmbeddedPostgres.start(10 * SLOTS);
  private final EmbeddedPostgres database = EmbeddedPostgres.start(SLOTS);
  private final OrdersBackend backend = OrdersBackend.start(0, database.url());
  private final Letterbox letterbox = new Letterbox();
  private final Gateways gateways = new Gateways();

  private FleetCourse(int size, long seed, Consumer<String> say) {
    this.size = size;
    this.say = say;
    this.random = new Random(seed);
  }

  /**
   * The whole course.
   *
   * @param folder for the route file and what gateways print
   * @param say takes a line for each step
   * @return what did not hold
   */
  public static List<String> run(Path folder, int size, long seed, Consumer<String> say) {
    try (FleetCourse course = new FleetCourse(size, seed, say)) {
      course.run(folder);
      return course.broken;
    }
  }

  private void run(Path folder) {
    database.execute("create database " + Logins.DATABASE + " owner " + database.user());
    gateways.start(size, routes(folder), folder);
    gateways.leader(size);
    say.accept(size + " gateways know each other");
    try (Logins logins = new Logins(database);
        Readers readers = new Readers(gateways.all())) {
      Waiting.pass(LOOK); // climbs that were begun before they knew of each other
      double usual = usualDay(logins);
      leaderDies(logins);
      outage();
      itsEnd(logins, usual);
    }
  }

  private double usualDay(Logins logins) {
    long begun = System.nanoTime();
    Waiting.pass(LOOK);
    double rate = perSecond(logins.since(begun), LOOK);
    say.accept("logins of all gateways on a usual day: %.2f in a second".formatted(rate));
    demand(rate > 0, "nobody logs in");
    return rate;
  }

  private void leaderDies(Logins logins) {
    Waiting.pass(Duration.ofMillis(random.nextInt(5_000)));
    long begun = System.nanoTime();
    gateways.lose(gateways.leader(size));
    gateways.leader(size - 1);
    Waiting.pass(INTERVAL.multipliedBy(2));
    Duration gap = logins.longestGap(begun);
    say.accept("the leader is killed: the longest time without a login is " + seconds(gap));
    demand(gap.compareTo(INTERVAL.multipliedBy(2)) <= 0, "two intervals without a login");
    demandTold("firing", 0);
  }

  private void outage() {
    long begun = System.nanoTime();
    database.kill();
    Waiting.until("teams are told", SOON, () -> letterbox.count("firing") > 0);
    say.accept("the database is gone: teams were told after " + seconds(since(begun)));
    Instance frozen = gateways.leader(size - 1);
    frozen.freeze();
    Waiting.pass(Duration.ofSeconds(10 + random.nextInt(5)));
    gateways.leader(size - 2);
    frozen.thaw();
    Waiting.pass(Duration.ofSeconds(5));
    say.accept("the leader was frozen meanwhile, and another one leads");
    demandTold("firing", 1);
  }

  private void demandTold(String kind, int times) {
    long told = letterbox.count(kind);
    demand(
        told == times,
        "told %d times, not %d, %s: %s".formatted(told, times, kind, letterbox.sentences(kind)));
  }

  private void itsEnd(Logins logins, double usual) {
    database.restart();
    long begun = System.nanoTime();
    List<Duration> closed = closing(begun);
    Duration spread = closed.get(closed.size() - 1).minus(closed.get(0));
    say.accept(
        "the database is back: the first gateway goes on after %s, the last %s later"
            .formatted(seconds(closed.get(0)), seconds(spread)));
    demand(spread.toSeconds() >= (size > 3 ? 5 : 0), "breakers closed all at once");
    demand(spread.toSeconds() <= 40, "breakers closed over more than 40 s");
    Waiting.until("teams are told of the end", SOON, () -> letterbox.count("resolved") > 0);
    Waiting.pass(LOOK.minus(since(begun)).isNegative() ? Duration.ZERO : LOOK.minus(since(begun)));
    double rate = perSecond(logins.since(begun), since(begun));
    say.accept(
        "logins of all gateways since then: %.2f in a second, %.2f times the usual"
            .formatted(rate, rate / usual));
    demand(rate <= 2 * usual, "logins more than twice as frequent as usually");
    Waiting.pass(Duration.ofSeconds(5));
    demandTold("firing", 1);
    demandTold("resolved", 1);
    long refused = database.logged("too many clients") + database.logged("connection slots");
    say.accept("logins refused for want of a slot: " + refused);
    demand(refused == 0, "logins were refused for want of a slot");
  }

  /** When each of them had its full mode again, as the leader heard it. */
  private List<Duration> closing(long begun) {
    List<Duration> closed = new ArrayList<>();
    Waiting.until(
        "all gateways go on",
        SOON,
        () -> {
          long full = gateways.inMode(gateways.leader(size - 1), "full");
          while (closed.size() < full) {
            closed.add(since(begun));
          }
          return full >= size - 1;
        });
    return closed;
  }

  private void demand(boolean holds, String otherwise) {
    if (!holds) {
      broken.add(otherwise);
    }
  }

  private static double perSecond(long count, Duration time) {
    return count * 1e9 / time.toNanos();
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1000.0);
  }

  private Path routes(Path folder) {
    String text =
        """
        environment: test
        listen: { host: 127.0.0.1, port: 0, threads: 1 }
        admin: { port: 0 }
        store:
          url: "postgresql://%s:%s@127.0.0.1:%d/%s?sslmode=disable"
          key: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
        alerts:
          receivers: [ { id: team, type: webhook, url: "%s", key: a-key-of-sixteen-letters } ]
          teams:
            - { id: infrastructure, receivers: [team] }
            - { id: development, receivers: [team] }
          resolve-after: 20s
        breaker: { recovery: 4s, learning: { mode: off } }
        validation: { by-itself: false, schedules: [] }
        dependencies:
          - id: db
            type: postgresql
            url: "postgresql://%s:%s@127.0.0.1:%d/%s?sslmode=disable"
            interval: %ds
        backends:
          - { id: orders, url: "http://127.0.0.1:%d", depends-on: [db] }
        routes:
          - { id: read, match: { path: "/api/**", methods: [GET] }, backend: orders }
        """
            .formatted(
                store.user(),
                store.password(),
                store.port(),
                store.database(),
                letterbox.url(),
                database.user(),
                database.password(),
                database.port(),
                Logins.DATABASE,
                INTERVAL.toSeconds(),
                backend.port());
    try {
      return Files.writeString(folder.resolve("routes.yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException("no route file in " + folder, e);
    }
  }

  @Override
  public void close() {
    gateways.close();
    letterbox.close();
    backend.close();
    database.close();
    store.close();
  }
}

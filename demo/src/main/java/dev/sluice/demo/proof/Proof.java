package dev.sluice.demo.proof;

import dev.sluice.demo.fault.HeldPort;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Stand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/**
 * Users before a gateway, a database that is broken half of the time, and the account of it: what
 * users saw, and whether anything that was acknowledged is missing.
 */
public final class Proof {
  static final String LIST = "/api/orders";

  private static final int ORDERS = 240;
  private static final int USERS = 12;
  private static final int FIRST = 1_000;
  private static final Duration WARM_UP = Duration.ofMinutes(1);
  private static final Duration AGAIN = Duration.ofMillis(250);
  private static final Duration STANDSTILL = Duration.ofMinutes(1);
  private static final Pattern ACTIVE =
      Pattern.compile("\"(?:queued|in-flight|retry-wait)\":([0-9]+)");

  private final Stand stand;
  private final Consumer<String> told;
  private final SplittableRandom random;
  private final List<History> orders = new ArrayList<>();
  private final AtomicBoolean goesOn = new AtomicBoolean(true);
  private final AtomicBoolean counted = new AtomicBoolean();
  private final User.Counts counts =
      new User.Counts(new Tally(), new Tally(), new Tally(), counted::get);

  private Proof(Stand stand, long seed, Consumer<String> told) {
    this.stand = stand;
    this.told = told;
    this.random = new SplittableRandom(seed);
    for (int rank = 0; rank < ORDERS; rank++) {
      orders.add(new History(id(rank)));
    }
  }

  static int id(int rank) {
    return FIRST + rank;
  }

  static String path(int rank) {
    return LIST + "/" + id(rank);
  }

  static String body(String item, int quantity) {
    return "{\"item\":\"" + item + "\",\"quantity\":" + quantity + "}";
  }

  /**
   * Runs one to its end.
   *
   * @param folder of the gateway's own, which is gone afterwards
   * @param time in all, a minute of warm-up first
   * @param told takes a line for each thing that happens
   * @throws IllegalStateException where held writes are not released in the end
   */
  public static Account run(Path folder, Duration time, long seed, Consumer<String> told)
      throws InterruptedException {
    try (HeldPort port = HeldPort.take();
        Stand stand =
            Stand.start(folder, port.number(), 0, (world, text) -> routes(text, port.number()))) {
      return new Proof(stand, seed, told).run(time);
    }
  }

  /** The demo's routes, the list fetched ahead, and no write refused that may be held. */
  private static String routes(String text, int port) {
    String list =
        "match: { path: /api/orders, methods: [GET, HEAD] }\n    backend: orders\n    reads: {";
    String ahead =
        " prefetch: { host: \"127.0.0.1:%d\", paths: [\"%s\"], every: 2s },".formatted(port, LIST);
    return text.replace("reads: { cache", "reads: { refetch: true, cache")
        .replace(list, list + ahead)
        .replace("accept: when-preferred", "accept: always");
  }

  private Account run(Duration time) throws InterruptedException {
    Caller caller = new Caller(() -> stand.gateway().port());
    prepare(caller);
    List<Thread> users = users(caller);
    try {
      Mono.delay(WARM_UP).block();
      told.accept("warm after " + WARM_UP.toSeconds() + " s");
      counted.set(true);
      Outages.happen(Outages.over(time.minus(WARM_UP), random.split()), stand.world(), told);
      counted.set(false);
    } finally {
      goesOn.set(false);
    }
    for (Thread user : users) {
      user.join();
    }
    boolean released = released();
    Verdict verdict = Verdict.read(stand.world().postgres(), orders);
    return new Account(counts.read(), counts.listed(), counts.written(), verdict, released);
  }

  /** Makes every order, its first version. */
  private void prepare(Caller caller) {
    for (int rank = 0; rank < ORDERS; rank++) {
      History order = orders.get(rank);
      int version = order.begin();
      String body = body(order.item(version), 1);
      Optional<String> key = Optional.of("prepared-" + rank);
      while (!made(order, version, caller.write("PUT", path(rank), body, key).status())) {
        Mono.delay(AGAIN).block();
      }
    }
  }

  private static boolean made(History order, int version, int status) {
    if (status == 202) {
      order.held(version);
    } else if (status / 100 == 2) {
      order.done(version, System.nanoTime());
    }
    return status / 100 == 2;
  }

  private List<Thread> users(Caller caller) {
    Zipf popularity = new Zipf(ORDERS);
    List<Thread> users = new ArrayList<>();
    for (int number = 0; number < USERS; number++) {
      User user =
          new User(number, USERS, caller, orders, popularity, random.split(), counts, goesOn::get);
      Thread thread = new Thread(user, "user-" + number);
      thread.setDaemon(true);
      thread.start();
      users.add(thread);
    }
    return users;
  }

  /**
   * Whether everything that is held was released; as long as there is progress it is waited for.
   */
  private boolean released() {
    Caller admin = new Caller(() -> stand.gateway().adminPort());
    long begun = System.nanoTime();
    long moved = begun;
    long least = Long.MAX_VALUE;
    while (System.nanoTime() - moved < STANDSTILL.toNanos()) {
      long left = left(admin.get("/queue?limit=1").body());
      if (left == 0) {
        long took = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
        told.accept("all that was held is released after " + took + " s");
        return true;
      }
      moved = left < least ? System.nanoTime() : moved;
      least = Math.min(least, left);
      Mono.delay(AGAIN).block();
    }
    told.accept(least + " writes are still held, and none was released for a minute");
    return false;
  }

  /** How many are queued, in flight, or wait to be tried again. */
  private static long left(String counts) {
    Matcher state = ACTIVE.matcher(counts);
    long left = 0;
    while (state.find()) {
      left += Long.parseLong(state.group(1));
    }
    return left;
  }
}

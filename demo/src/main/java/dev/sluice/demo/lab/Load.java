package dev.sluice.demo.lab;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A client that reads orders ten times a second, whether or not the answers come. May be started
 * and stopped from one thread; its figures may be read from any.
 */
final class Load implements AutoCloseable {
  private static final long PERIOD_MILLIS = 100;
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int MOST_ANSWERS = 5_000;

  private final URI uri;
  private final ExecutorService threads = Executors.newFixedThreadPool(2, Load::thread);
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Load::thread);
  private final HttpClient client =
      HttpClient.newBuilder().executor(threads).version(HttpClient.Version.HTTP_1_1).build();
  private final List<Answer> answers = new ArrayList<>();
  private final ScheduledFuture<?> ticks;

  private Load(int port) {
    uri = URI.create("http://127.0.0.1:" + port + "/api/orders");
    ticks =
        clock.scheduleAtFixedRate(this::send, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** When clients send requests while something is broken. */
  enum When {
    ALWAYS,
    NEVER,
    /** In every second round. */
    ALTERNATING;

    boolean in(int round) {
      return this == ALWAYS || (this == ALTERNATING && round % 2 == 1);
    }
  }

  /**
   * One answer.
   *
   * @param sent by {@link System#nanoTime}
   * @param status 0 where none came
   */
  record Answer(long sent, double millis, int status) {}

  static Load on(int port) {
    return new Load(port);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "lab-load");
    thread.setDaemon(true);
    return thread;
  }

  private void send() {
    long sent = System.nanoTime();
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(DEADLINE).build();
    client
        .sendAsync(request, HttpResponse.BodyHandlers.discarding())
        .whenComplete(
            (answer, failure) ->
                note(
                    new Answer(
                        sent,
                        (System.nanoTime() - sent) / 1e6,
                        failure == null ? answer.statusCode() : 0)));
  }

  private void note(Answer answer) {
    synchronized (answers) {
      if (answers.size() < MOST_ANSWERS) {
        answers.add(answer);
      }
    }
  }

  /** The answers so far, in the order in which they came. */
  List<Answer> answers() {
    synchronized (answers) {
      return List.copyOf(answers);
    }
  }

  @Override
  public void close() {
    ticks.cancel(false);
    clock.shutdownNow();
    threads.shutdown();
  }
}

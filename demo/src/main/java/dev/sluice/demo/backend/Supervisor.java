package dev.sluice.demo.backend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what a platform does: asks a health path once a period and restarts the backend after three
 * answers in a row that are not 2xx. No answer within two seconds is such an answer too. One thread
 * asks and restarts, so no two restarts overlap.
 */
public final class Supervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  private static final int LIMIT = 3;
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(DEADLINE).build();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "supervisor");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicInteger restarts = new AtomicInteger();
  private final HttpRequest request;
  private final Runnable restart;
  private int failures;

  private Supervisor(URI health, Runnable restart) {
    this.request = HttpRequest.newBuilder(health).timeout(DEADLINE).build();
    this.restart = restart;
  }

  /** Asks once a second. */
  public static Supervisor start(URI health, Runnable restart) {
    return start(health, Duration.ofSeconds(1), restart);
  }

  static Supervisor start(URI health, Duration period, Runnable restart) {
    Supervisor supervisor = new Supervisor(health, restart);
    supervisor.clock.scheduleWithFixedDelay(
        supervisor::look, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    return supervisor;
  }

  /** How often the backend has been restarted. */
  public int restarts() {
    return restarts.get();
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private void look() {
    failures = healthy() ? 0 : failures + 1;
    if (failures >= LIMIT && !clock.isShutdown()) {
      failures = 0;
      restarts.incrementAndGet();
      tryRestart();
    }
  }

  /** A restart that fails leaves an unhealthy backend, and so leads to the next one. */
  private void tryRestart() {
    try {
      restart.run();
    } catch (RuntimeException e) {
      LOG.warn("the backend could not be restarted", e);
    }
  }

  private boolean healthy() {
    try {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status >= 200 && status < 300;
    } catch (IOException none) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}

package dev.sluice.gateway.child;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a command, and runs it again whenever it ends, after a {@link Backoff}. What it writes goes
 * to where the gateway's own output goes. One thread looks after it; every method may be called
 * from any.
 */
public final class Child implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.child");
  private static final int PIECE = 8192;

  /** What was written is read to its end, unless a process of its own keeps the stream. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final ProcessBuilder command;
  private final Scrubber scrubber;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Consumer<Ending> ended;
  private final Thread keeper = new Thread(this::keep, "sluice-child");

  // Guarded by this.
  private @Nullable Process process;
  private @Nullable Ending ending;
  private Backoff backoff = Backoff.NONE;
  private int row;
  private int starts;
  private boolean awaited;
  private boolean closed;

  /**
   * @param command its first word is the program
   * @param environment the process' own, whole
   * @param nanos a monotonic clock
   * @param ended takes each end that nobody asked for, on the keeper's thread
   */
  public Child(
      List<String> command,
      Map<String, String> environment,
      InstantSource clock,
      LongSupplier nanos,
      Consumer<Ending> ended) {
    this.command = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.INHERIT);
    this.command.environment().clear();
    this.command.environment().putAll(environment);
    this.scrubber = new Scrubber(environment);
    this.clock = clock;
    this.nanos = nanos;
    this.ended = ended;
    keeper.setDaemon(true);
  }

  /** How the process stands. */
  public record State(@Nullable Long pid, int starts, @Nullable Ending ending) {}

  /**
   * Starts it for the first time.
   *
   * @throws IllegalStateException with one sentence where there is no such program
   */
  public void start() {
    try {
      begin();
    } catch (IOException e) {
      throw new IllegalStateException(
          "the backend's command cannot be started: " + e.getMessage(), e);
    }
    keeper.start();
  }

  /** Its process id while it runs, how often it was started, and its last end until it is well. */
  public synchronized State state() {
    Process now = process;
    return new State(now != null && now.isAlive() ? now.pid() : null, starts, ending);
  }

  /** What it needs is back: it is started at once, should it be left alone at the moment. */
  public synchronized void nudge() {
    awaited = true;
    backoff = Backoff.NONE;
    notifyAll();
  }

  /** It answers, and calls itself well: what ended it is over. */
  public synchronized void well() {
    ending = null;
    row = 0;
  }

  private void keep() {
    try {
      while (true) {
        Process running = current();
        if (running == null) {
          return;
        }
        long begun = nanos.getAsLong();
        int code = watch(running);
        if (!again(code, Duration.ofNanos(nanos.getAsLong() - begun))) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable Process current() {
    return closed ? null : process;
  }

  private final class Errors {
    private final LastLines lines = new LastLines(scrubber::clean);
    private final Thread reader;

    Errors(InputStream in) {
      reader = new Thread(() -> read(in), "sluice-child-errors");
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream in) {
      byte[] piece = new byte[PIECE];
      try {
        for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
          System.err.write(piece, 0, length);
          lines.add(piece, length);
        }
      } catch (IOException e) {
        LOG.debug("the errors of the backend's process are at their end", e);
      }
    }

    List<String> last() throws InterruptedException {
      reader.join(LAST_WORDS.toMillis());
      return lines.all();
    }
  }

  private int watch(Process running) throws InterruptedException {
    Errors errors = new Errors(running.getErrorStream());
    int code = running.waitFor();
    lines = errors.last();
    return code;
  }

  // The keeper's alone.
  private List<String> lines = List.of();

  /** Tells of an end and starts it once more when its time has come; false where it is closed. */
  private boolean again(int code, Duration ran) throws InterruptedException {
    Ending last = end(code, ran);
    while (last != null) {
      LOG.error("{}{}", last.words(), last.lastLine().isEmpty() ? "" : ": " + last.lastLine());
      ended.accept(last);
      if (!pause()) {
        return false;
      }
      try {
        begin();
        return true;
      } catch (IOException e) {
        lines = List.of(String.valueOf(e.getMessage()));
        last = end(-1, Duration.ZERO);
      }
    }
    return false;
  }

  private synchronized @Nullable Ending end(int code, Duration ran) {
    process = null;
    if (closed) {
      return null;
    }
    row++;
    awaited = false;
    backoff = backoff.after(ran);
    ending = new Ending(clock.instant(), code, ran, row, lines);
    return ending;
  }

  private synchronized boolean pause() throws InterruptedException {
    long until = nanos.getAsLong() + backoff.pause().toNanos();
    long left = until - nanos.getAsLong();
    while (left > 0 && !awaited && !closed) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = until - nanos.getAsLong();
    }
    return !closed;
  }

  private synchronized void begin() throws IOException {
    if (!closed) {
      process = command.start();
      starts++;
      LOG.info("the backend's process {} is started", process.pid());
    }
  }

  /**
   * Asks it to end (SIGTERM), and ends it and what it started when it takes longer.
   *
   * @param within how long it may take
   */
  public void stop(Duration within) {
    Process running;
    synchronized (this) {
      closed = true;
      running = process;
      notifyAll();
    }
    if (running != null) {
      List<ProcessHandle> below = running.descendants().toList();
      running.destroy();
      if (!over(running, within)) {
        LOG.warn("the backend's process did not end within {} ms and is killed", within.toMillis());
        running.destroyForcibly();
      }
      below.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static boolean over(Process running, Duration within) {
    try {
      return running.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}

package dev.sluice.demo.redis;

import dev.sluice.demo.fault.HeldPort;
import dev.sluice.demo.postgres.Leftovers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server of one's own on a loopback port, without persistence. The port stays the same over
 * {@link #kill} and {@link #restart}. All methods may be called from any thread that may block;
 * each has a deadline.
 */
public final class EmbeddedRedis implements AutoCloseable {
  /** In the jar of the library embedded-redis. */
  private static final String BINARY = "/redis-server-6.2.6-v5-linux-amd64";

  private static final long READY_SECONDS = 10;
  private static final int ANSWER_MILLIS = 2_000;

  private static final int ATTEMPTS = 20;
  private static final String BUSY = "error=26";

  private final Path folder = Leftovers.folder("sluice-redis-");
  private final HeldPort port = HeldPort.take();
  private Process process;
  private @Nullable String password;

  private EmbeddedRedis() throws IOException {
    Path binary = folder.resolve("redis-server");
    try (InputStream in = EmbeddedRedis.class.getResourceAsStream(BINARY)) {
      if (in == null) {
        throw new IOException(BINARY + " is not on the class path");
      }
      Files.copy(in, binary);
    }
    Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwx------"));
    process = run();
  }

  /** Starts a server whose files are deleted when it is closed. */
  public static EmbeddedRedis start() {
    try {
      return new EmbeddedRedis();
    } catch (IOException e) {
      throw new UncheckedIOException("Redis could not be started", e);
    }
  }

  private Process run() {
    List<String> command =
        List.of(
            folder.resolve("redis-server").toString(),
            "--port",
            Integer.toString(port()),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no");
    Process started =
        Leftovers.keep(
            () ->
                started(
                    new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())),
            Process::destroyForcibly);
    awaitReady(started);
    return started;
  }

  /**
   * A process that another thread began while the program's file was written holds that file open
   * for a moment, and Linux runs no such file (ETXTBSY, execve(2)).
   */
  private static Process started(ProcessBuilder builder) throws IOException {
    for (int attempt = 1; true; attempt++) {
      try {
        return builder.start();
      } catch (IOException e) {
        if (attempt == ATTEMPTS || !String.valueOf(e.getMessage()).contains(BUSY)) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  private void awaitReady(Process started) {
    long begun = System.nanoTime();
    while (!answers()) {
      boolean late = System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(READY_SECONDS);
      if (late || !started.isAlive()) {
        Leftovers.drop(started);
        throw new IllegalStateException("Redis did not answer; its log is in " + folder);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private boolean answers() {
    try {
      return ask("PING").equals("+PONG");
    } catch (IOException e) {
      return false;
    }
  }

  /** The first line of the answer to an inline command. */
  private String ask(String command) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port())) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[512];
      int length = Math.max(0, socket.getInputStream().read(answer));
      return new String(answer, 0, length, StandardCharsets.UTF_8).strip();
    }
  }

  public int port() {
    return port.number();
  }

  /** Demands a password of new clients from now on. */
  public synchronized void demand(String secret) {
    try {
      String said = ask("CONFIG SET requirepass " + secret);
      if (!said.equals("+OK")) {
        throw new IllegalStateException("Redis refuses a password: " + said);
      }
      password = secret;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Demands none any more, by a restart where one was demanded. */
  public synchronized void open() {
    if (password != null) {
      kill();
      restart();
    }
  }

  /** Ends it with SIGKILL. */
  public synchronized void kill() {
    Leftovers.drop(process);
    try {
      if (!process.waitFor(READY_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("Redis does not end");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    password = null;
  }

  /** Starts it again on its port, after {@link #kill}. */
  public synchronized void restart() {
    if (!process.isAlive()) {
      process = run();
    }
  }

  /** Stops it with SIGSTOP: the kernel accepts for it, and nobody answers. */
  public void freeze() {
    signal("STOP");
  }

  public void thaw() {
    signal("CONT");
  }

  private synchronized void signal(String name) {
    try {
      new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", name, Long.toString(process.pid()))
          .start()
          .waitFor(READY_SECONDS, TimeUnit.SECONDS);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() {
    kill();
    port.close();
    Leftovers.drop(folder);
  }
}

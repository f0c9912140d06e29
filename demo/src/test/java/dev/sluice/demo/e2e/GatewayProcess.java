package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.ConfigurationLoader;
import dev.sluice.gates.Leaks;
import dev.sluice.gateway.app.Gateway;
import dev.sluice.gateway.app.HangUp;
import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A gateway in a process of its own, to be killed. A buffer that it drops fails the test. */
final class GatewayProcess implements AutoCloseable {
  private static final String LEAKS = "leaks ";
  private static final String USED = "used ";

  private final Process process;
  private final int port;
  private final int adminPort;
  private final Thread reader;
  private final List<String> leaks = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Integer> counted = new LinkedBlockingQueue<>();
  private volatile long used;

  private GatewayProcess(Process process, int port, int adminPort, BufferedReader out) {
    this.process = process;
    this.port = port;
    this.adminPort = adminPort;
    reader = new Thread(() -> copy(out), "gateway-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Runs in the child: prints the ports, and for every line that it is sent the number of leaks and
   * the bytes that are in use, of the heap and outside.
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 1) {
      Leaks.install();
    }
    List<Path> files = List.of(Path.of(arguments[0]));
    var loaded = ConfigurationLoader.load(files, System::getenv);
    String problems = loaded.problems().toString();
    Gateway gateway =
        Gateway.start(Objects.requireNonNull(loaded.configuration(), problems), files);
    HangUp.does(gateway::reload);
    System.out.println("admin " + gateway.adminPort());
    System.out.println("port " + gateway.port());
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (questions.readLine() != null) {
      if (arguments.length == 1) {
        Leaks.settle();
      } else {
        System.gc();
      }
      System.out.println(USED + used());
      System.out.println(LEAKS + Leaks.reports().size());
    }
  }

  private static long used() {
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    return heap + Math.max(0, PlatformDependent.usedDirectMemory());
  }

  static GatewayProcess start(Path routes) throws IOException {
    return start(routes.toString());
  }

  /** As in production: nobody looks for leaks, which takes memory and time itself. */
  static GatewayProcess startUnwatched(Path routes) throws IOException {
    return start(routes.toString(), "unwatched");
  }

  private static GatewayProcess start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(hearing());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-DSLUICE_LOG=WARN",
            "-cp",
            System.getProperty("java.class.path"),
            GatewayProcess.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    int adminPort = 0;
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("admin ")) {
        adminPort = Integer.parseInt(line.substring(6));
      } else if (line.startsWith("port ")) {
        return new GatewayProcess(process, Integer.parseInt(line.substring(5)), adminPort, out);
      }
    }
    throw new IOException("the gateway ended before it listened");
  }

  /** A build under nohup ignores SIGHUP, and a child would too. */
  private static List<String> hearing() {
    boolean linux = System.getProperty("os.name").equals("Linux");
    return linux ? List.of("env", "--default-signal=HUP") : List.of();
  }

  /** What the gateway logs belongs into the test's report. */
  private void copy(BufferedReader out) {
    try {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        System.out.println(line);
        look(line);
      }
    } catch (IOException e) {
      System.out.println("the gateway's output ended: " + e.getMessage());
    }
  }

  private void look(String line) {
    if (line.startsWith(LEAKS)) {
      counted.add(Integer.parseInt(line.substring(LEAKS.length())));
    } else if (line.startsWith(USED)) {
      used = Long.parseLong(line.substring(USED.length()));
    } else if (line.contains("LEAK")) {
      leaks.add(line);
    }
  }

  int port() {
    return port;
  }

  int adminPort() {
    return adminPort;
  }

  /** SIGHUP. */
  void hangUp() throws IOException {
    signal("HUP");
  }

  /** SIGSTOP. */
  void freeze() throws IOException {
    signal("STOP");
  }

  /** SIGCONT. */
  void thaw() throws IOException {
    signal("CONT");
  }

  private void signal(String name) throws IOException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.onExit().orTimeout(10, TimeUnit.SECONDS).join().exitValue()).isZero();
  }

  /** Has the gateway collect its garbage first, so that a leak of a moment ago is seen. */
  void requireNoLeaks() throws IOException {
    assertThat(leaksCounted()).as("leaks").isZero();
  }

  /** Bytes that are in use once its garbage is collected: of the heap, and Netty's outside. */
  long memory() throws IOException {
    leaksCounted();
    return used;
  }

  private Integer leaksCounted() throws IOException {
    process.outputWriter().append("leaks?\n").flush();
    try {
      return counted.poll(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** SIGKILL: no hook runs, nothing is flushed. */
  void kill() {
    process.destroyForcibly().onExit().join();
    try {
      reader.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    assertThat(leaks).isEmpty();
  }

  @Override
  public void close() {
    kill();
  }
}

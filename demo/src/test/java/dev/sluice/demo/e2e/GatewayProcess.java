package dev.sluice.demo.e2e;

import dev.sluice.config.ConfigurationLoader;
import dev.sluice.gateway.app.Gateway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** A gateway in a process of its own, to be killed. */
final class GatewayProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  private GatewayProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Runs in the child: prints the port and waits for its end. */
  public static void main(String[] arguments) throws InterruptedException {
    var loaded = ConfigurationLoader.load(List.of(Path.of(arguments[0])), System::getenv);
    Gateway gateway = Gateway.start(Objects.requireNonNull(loaded.configuration()));
    System.out.println("port " + gateway.port());
    new CountDownLatch(1).await();
  }

  static GatewayProcess start(Path routes) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-DSLUICE_LOG=WARN",
            "-cp",
            System.getProperty("java.class.path"),
            GatewayProcess.class.getName(),
            routes.toString());
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("port ")) {
        forward(out);
        return new GatewayProcess(process, Integer.parseInt(line.substring(5)));
      }
    }
    throw new IOException("the gateway ended before it listened");
  }

  /** What the gateway logs belongs into the test's report. */
  private static void forward(BufferedReader out) {
    Thread reader = new Thread(() -> copy(out), "gateway-output");
    reader.setDaemon(true);
    reader.start();
  }

  private static void copy(BufferedReader out) {
    try {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        System.out.println(line);
      }
    } catch (IOException e) {
      System.out.println("the gateway's output ended: " + e.getMessage());
    }
  }

  int port() {
    return port;
  }

  /** SIGKILL: no hook runs, nothing is flushed. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}

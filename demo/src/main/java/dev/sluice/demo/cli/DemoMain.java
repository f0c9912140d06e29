package dev.sluice.demo.cli;

import dev.sluice.demo.tour.Stand;
import dev.sluice.demo.tour.Tour;
import dev.sluice.gateway.cli.SluiceCommand;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: the sample world in one process, until it is interrupted. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "PostgreSQL, sample backend and fault proxies in one process, ready to be broken.")
public final class DemoMain implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--port", defaultValue = "8080", description = "The gateway's public port.")
  private int port;

  @Option(names = "--tour", description = "Breaks and heals the database once, and ends.")
  private boolean tour;

  DemoMain() {
    this.spec = CommandSpec.create();
  }

  /** Runs any command of the gateway's command line, or the demo where none is named. */
  public static void main(String[] arguments) {
    System.exit(run(SluiceCommand.line(new DemoMain()), arguments));
  }

  static int run(CommandLine line, String... arguments) {
    boolean unnamed =
        arguments.length == 0
            || arguments[0].startsWith("--port")
            || arguments[0].startsWith("--tour");
    Stream<String> named = Stream.concat(Stream.of("demo"), Arrays.stream(arguments));
    return SluiceCommand.run(line, unnamed ? named.toArray(String[]::new) : arguments);
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (tour) {
      quietLogs();
      return Tour.run(out) ? 0 : 1;
    }
    out.println("Starting PostgreSQL, fault proxies, the orders backend and the gateway ...");
    out.flush();
    Stand stand = Stand.start(port, 9090, (world, text) -> text);
    Runtime.getRuntime().addShutdownHook(new Thread(stand::close, "demo-exit"));
    out.print(Invitation.text(stand));
    out.flush();
    new CountDownLatch(1).await();
    return 0;
  }

  /** The story is told on the same terminal; SLUICE_LOG brings the log lines back. */
  private static void quietLogs() {
    if (System.getenv("SLUICE_LOG") == null) {
      System.setProperty("SLUICE_LOG", "OFF");
    }
  }
}

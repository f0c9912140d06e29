package dev.sluice.demo.cli;

import dev.sluice.demo.postgres.Leftovers;
import dev.sluice.demo.tour.Stand;
import dev.sluice.demo.tour.Tour;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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

  @Option(names = "--admin-port", defaultValue = "9090", description = "The operators' port.")
  private int adminPort;

  @Option(names = "--tour", description = "Breaks and heals the database once, and ends.")
  private boolean tour;

  DemoMain() {
    this.spec = CommandSpec.create();
  }

  /** Runs the command; a leading {@code demo}, as the launcher passes it, is accepted. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    boolean named = arguments.length > 0 && arguments[0].equals("demo");
    String[] rest = named ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
    return new CommandLine(new DemoMain())
        .setExecutionExceptionHandler(DemoMain::readable)
        .execute(rest);
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
    Stand stand = Stand.start(port, adminPort, (world, text) -> text);
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

  private static int readable(
      Exception error, CommandLine command, CommandLine.ParseResult arguments) {
    if (!Leftovers.ending()) {
      command.getErr().println("demo: " + error.getMessage());
    }
    return 1;
  }
}

package dev.sluice.demo.cli;

import dev.sluice.demo.postgres.Leftovers;
import dev.sluice.demo.tour.Tour;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: the sample world in one process, until it is told to quit. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "PostgreSQL, sample backend and fault proxies in one process, ready to be broken.")
public final class DemoMain implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--port", description = "The gateway's public port: 8080, or 0 for any.")
  private @Nullable Integer port;

  @Option(
      names = "--admin-port",
      description = "The operators' port: 9090, or a free one where that is taken.")
  private @Nullable Integer adminPort;

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
    Path folder = Leftovers.folder("sluice-demo-");
    Path log = Logs.into(folder);
    if (tour) {
      return Tour.run(out, folder) ? 0 : 1;
    }
    Show.run(
        Ports.choose(port, adminPort),
        folder,
        log,
        line -> {
          out.println(line);
          out.flush();
        });
    return 0;
  }

  private static int readable(
      Exception error, CommandLine command, CommandLine.ParseResult arguments) {
    if (!Leftovers.ending()) {
      command.getErr().println("demo: " + error.getMessage());
    }
    return 1;
  }
}

package dev.sluice.demo.cli;

import dev.sluice.demo.postgres.Leftovers;
import dev.sluice.demo.tour.Tour;
import dev.sluice.gateway.cli.SluiceCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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

  /** Runs any command of the gateway's command line, or the demo where none is named. */
  public static void main(String[] arguments) {
    System.exit(run(line(), arguments));
  }

  /** All commands, those of this jar among them. */
  public static CommandLine line() {
    return SluiceCommand.line(new DemoMain(), new LabCommand(), new SoakCommand());
  }

  static int run(CommandLine line, String... arguments) {
    boolean unnamed =
        arguments.length == 0
            || arguments[0].startsWith("--port")
            || arguments[0].startsWith("--admin-port")
            || arguments[0].startsWith("--tour");
    Stream<String> named = Stream.concat(Stream.of("demo"), Arrays.stream(arguments));
    return SluiceCommand.run(line, unnamed ? named.toArray(String[]::new) : arguments);
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Path folder = Leftovers.folder("sluice-demo-");
    Path log = Logs.into(folder);
    try {
      return run(out, folder, log);
    } catch (RuntimeException e) {
      if (Leftovers.ending()) {
        return 1;
      }
      throw e;
    }
  }

  private int run(PrintWriter out, Path folder, Path log) throws InterruptedException {
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
}

package dev.sluice.demo.cli;

import dev.sluice.demo.tour.DemoWorld;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("Starting PostgreSQL and the sample backend ...");
    out.flush();
    try (DemoWorld world = DemoWorld.start()) {
      Runtime.getRuntime().addShutdownHook(new Thread(world::close, "demo-exit"));
      Path folder = Files.createTempDirectory("sluice-demo-");
      Path routes = folder.resolve("routes.yaml");
      Files.writeString(routes, world.routeFile(port, 0, folder.resolve("sluice.db")));
      folder.toFile().deleteOnExit();
      routes.toFile().deleteOnExit();
      out.printf("backend    http://127.0.0.1:%d/api/orders%n", world.backendPort());
      out.printf("database   %s%n", world.databaseUrl());
      out.printf("routes     %s%n", routes);
      out.flush();
      if (!tour) {
        new CountDownLatch(1).await();
      }
    }
    return 0;
  }

  private static int readable(
      Exception error, CommandLine command, CommandLine.ParseResult arguments) {
    command.getErr().println("demo: " + error.getMessage());
    return 1;
  }
}

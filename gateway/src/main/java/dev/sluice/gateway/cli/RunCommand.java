package dev.sluice.gateway.cli;

import dev.sluice.config.Admin;
import dev.sluice.config.Configuration;
import dev.sluice.gateway.app.Gateway;
import dev.sluice.gateway.app.HangUp;
import dev.sluice.gateway.app.Wrapping;
import dev.sluice.gateway.telemetry.Logs;
import io.netty.util.ResourceLeakDetector;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run}: the gateway, until it is asked to stop. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs the gateway; SIGTERM stops it after the answers in flight, SIGHUP reloads.")
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RouteFiles files = new RouteFiles();

  @Option(
      names = "--backend",
      defaultValue = "",
      paramLabel = "ID",
      description = "Whose process COMMAND is, where several backends are on this host.")
  private String backend = "";

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = {
        "After --: the backend's program and its arguments. It is run as a child, and again when it"
            + " ends; PORT tells it where to listen."
      })
  private List<String> command = List.of();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter errors = spec.commandLine().getErr();
    Configuration configuration = files.loadOrTell(errors);
    if (configuration == null) {
      return Exit.USAGE;
    }
    Gateway gateway = start(configuration, wrapping(configuration));
    errors.printf("sluice listens on %s:%d%n", configuration.listen().host(), gateway.port());
    if (configuration.admin().onMain()) {
      errors.printf("status page: below %s/, with the admin token%n", Admin.PREFIX);
    } else if (gateway.adminPort() != 0) {
      errors.printf(
          "status page: http://%s:%d%n", configuration.admin().host(), gateway.adminPort());
    }
    errors.flush();
    new CountDownLatch(1).await();
    return Exit.OK;
  }

  private @Nullable Wrapping wrapping(Configuration configuration) {
    if (command.isEmpty()) {
      return null;
    }
    try {
      return Wrapping.of(command, configuration, backend, System.getenv());
    } catch (Wrapping.Unclear e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** It answers before it is whole, and a stop may be asked for in between: it waits for that. */
  private Gateway start(Configuration configuration, @Nullable Wrapping wrapping) {
    CompletableFuture<@Nullable Gateway> started = new CompletableFuture<>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started.join()), "sluice-stop"));
    unwatched();
    HangUp.does(() -> started.thenAccept(RunCommand::reload));
    try {
      Gateway gateway = Gateway.start(configuration, files.paths(), wrapping);
      started.complete(gateway);
      return gateway;
    } finally {
      started.complete(null);
    }
  }

  /** Netty notes where every hundredth buffer was made unless it is told otherwise. */
  private static void unwatched() {
    if (System.getProperty("io.netty.leakDetection.level") == null) {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
  }

  private static void reload(@Nullable Gateway gateway) {
    if (gateway != null) {
      gateway.reload();
    }
  }

  /**
   * A stop that was asked for and carried out is no failure, whatever the signal's number.
   *
   * @param gateway null where it could not be started: the process ends with its own exit code
   */
  private static void stop(@Nullable Gateway gateway) {
    if (gateway != null) {
      gateway.close();
      Logs.close();
      Runtime.getRuntime().halt(Exit.OK);
    }
  }
}

package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.app.Gateway;
import dev.sluice.gateway.app.HangUp;
import dev.sluice.gateway.telemetry.Logs;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code run}: the gateway, until it is asked to stop. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs the gateway; SIGTERM stops it after the answers in flight, SIGHUP reloads.")
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RouteFiles files = new RouteFiles();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter errors = spec.commandLine().getErr();
    Configuration configuration = files.loadOrTell(errors);
    if (configuration == null) {
      return Exit.USAGE;
    }
    CompletableFuture<Gateway> started = new CompletableFuture<>();
    HangUp.does(() -> started.thenAccept(Gateway::reload));
    Gateway gateway = Gateway.start(configuration, files.paths());
    started.complete(gateway);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway), "sluice-stop"));
    errors.printf("sluice listens on %s:%d%n", configuration.listen().host(), gateway.port());
    if (gateway.adminPort() != 0) {
      errors.printf(
          "status page: http://%s:%d%n", configuration.admin().host(), gateway.adminPort());
    }
    errors.flush();
    new CountDownLatch(1).await();
    return Exit.OK;
  }

  /** A stop that was asked for and carried out is no failure, whatever the signal's number. */
  private static void stop(Gateway gateway) {
    gateway.close();
    Logs.close();
    Runtime.getRuntime().halt(Exit.OK);
  }
}

package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.app.Gateway;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code watch}: all that a gateway sees and says, without a request through it. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Watches what the route files name, tells teams, and has the status page and metrics, but",
      "takes no requests and opens no store: beside traffic that goes another way."
    })
final class WatchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RouteFiles files = new RouteFiles();

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      description = "The status page's, instead of the one in the files; 0 for any.")
  private @Nullable Integer adminPort;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter errors = spec.commandLine().getErr();
    Configuration configuration = files.loadOrTell(errors);
    if (configuration == null) {
      return Exit.USAGE;
    }
    Gateway gateway = Gateway.start(configuration.watching(adminPort));
    Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "sluice-stop"));
    errors.printf(
        "sluice watches; status page: http://%s:%d%n",
        configuration.admin().host(), gateway.adminPort());
    errors.flush();
    new CountDownLatch(1).await();
    return Exit.OK;
  }
}

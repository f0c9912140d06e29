package dev.sluice.gateway.cli;

import dev.sluice.config.Admin;
import dev.sluice.config.Configuration;
import dev.sluice.config.Secret;
import dev.sluice.gateway.agent.Reporter;
import dev.sluice.gateway.app.Clocks;
import dev.sluice.gateway.telemetry.Logs;
import dev.sluice.probes.monitor.Monitor;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code agent}: the ladder beside a backend, without a proxy. */
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description = {
      "Climbs the ladder to the dependencies and controls of the route files from where it runs,",
      "which is to be beside the backend, and pushes what it sees to a gateway's admin port.",
      "The token is admin.agent-token of its route files, else admin.token."
    })
final class AgentCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RouteFiles files = new RouteFiles();

  @Option(
      names = "--report-to",
      required = true,
      paramLabel = "URL",
      description = "The gateway's admin port, such as https://gateway.internal:9090.")
  private String reportTo = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "By which this agent is told from others. Default: the host's name.")
  private @Nullable String name;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter errors = spec.commandLine().getErr();
    Configuration configuration = files.loadOrTell(errors);
    if (configuration == null) {
      return Exit.USAGE;
    }
    if (configuration.dependencies().isEmpty()) {
      throw new ParameterException(spec.commandLine(), "the route files name no dependency");
    }
    URI to = url();
    Secret token = token(configuration.admin());
    if (to.getScheme().equals("http")
        && !InetAddress.getLoopbackAddress().getHostAddress().equals(to.getHost())) {
      errors.println("the token travels in the clear to " + to + "; use https where others listen");
    }
    run(configuration, new Reporter(ownName(), to, token), errors);
    return Exit.OK;
  }

  private void run(Configuration configuration, Reporter reporter, PrintWriter errors)
      throws InterruptedException {
    Monitor monitor =
        new Monitor(
            configuration.withoutBackends(),
            Clocks.instants(),
            Clocks.nanos(),
            (of, posture) -> {},
            reporter,
            backend -> Optional.empty());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  monitor.close();
                  reporter.close();
                  Logs.close();
                  Runtime.getRuntime().halt(Exit.OK);
                },
                "sluice-stop"));
    reporter.start();
    monitor.start();
    errors.printf(
        "sluice agent %s climbs to %d dependencies%n",
        ownName(), configuration.dependencies().size());
    errors.flush();
    new CountDownLatch(1).await();
  }

  private URI url() {
    try {
      URI url = new URI(reportTo);
      String scheme = String.valueOf(url.getScheme());
      boolean plain = url.getRawPath() == null || url.getRawPath().matches("/?");
      if (scheme.matches("https?")
          && url.getHost() != null
          && plain
          && url.getRawUserInfo() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    throw new ParameterException(
        spec.commandLine(),
        "--report-to must be a URL without a path, such as https://gateway.internal:9090");
  }

  private Secret token(Admin admin) {
    Secret token = admin.agentToken() == null ? admin.token() : admin.agentToken();
    if (token == null || token.reveal().isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "the route files have no admin.agent-token; set it to the gateway's, for example to"
              + " \"${SLUICE_AGENT_TOKEN}\"");
    }
    return token;
  }

  private String ownName() {
    String host = name != null ? name : String.valueOf(System.getenv("HOSTNAME"));
    String plain = host.replaceAll("[^A-Za-z0-9._-]", "-");
    String begun = plain.matches("[A-Za-z0-9].*") ? plain : "agent" + plain;
    return begun.length() > 63 ? begun.substring(0, 63) : begun;
  }
}

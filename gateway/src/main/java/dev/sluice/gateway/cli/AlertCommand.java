package dev.sluice.gateway.cli;

import dev.sluice.config.Alerts;
import dev.sluice.config.Configuration;
import dev.sluice.gateway.alerts.Couriers;
import dev.sluice.gateway.app.Clocks;
import java.io.PrintWriter;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code alert}: whether those who are to be called can be reached. */
@Command(
    name = "alert",
    mixinStandardHelpOptions = true,
    description = "Tries out the receivers of alerts.")
final class AlertCommand implements Runnable {
  private static final long PATIENCE_SECONDS = 15;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: test");
  }

  @Command(
      name = "test",
      description = "Sends one message to each receiver; exit 1 when one does not take it.",
      mixinStandardHelpOptions = true)
  int test(@Mixin RouteFiles files) {
    Configuration configuration = files.loadOrTell(spec.commandLine().getErr());
    if (configuration == null) {
      return Exit.USAGE;
    }
    Alerts alerts = configuration.operation().alerts();
    PrintWriter out = spec.commandLine().getOut();
    if (alerts.receivers().isEmpty()) {
      out.println("No receiver stands under alerts.receivers: alerts go to the log alone.");
      return Exit.OK;
    }
    Couriers couriers = new Couriers(Clocks.instants(), (id, taken) -> {});
    boolean all = true;
    for (Alerts.Receiver receiver : alerts.receivers()) {
      String why = sent(couriers, receiver, alerts, configuration.environment());
      all &= why == null;
      out.println(receiver.id() + (why == null ? " took it" : " did not take it: " + why));
      out.flush();
    }
    return all ? Exit.OK : Exit.FAILED;
  }

  /** Null where it was taken, else why not. */
  private static @Nullable String sent(
      Couriers couriers, Alerts.Receiver receiver, Alerts alerts, String environment) {
    try {
      return couriers
          .test(receiver, alerts, environment)
          .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      return "no answer in " + PATIENCE_SECONDS + " s";
    }
  }
}

package dev.sluice.demo.lab;

import dev.sluice.demo.fault.PacketFilter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace for one process, where packets may be dropped without anybody else missing
 * them. Linux with {@code unshare} and {@code nft} gives one to root, and to others where it lets
 * them have namespaces of their own.
 */
public final class OwnNetwork {
  /** With an address of IPv6 beside the loopback's own, or Netty would take it for absent. */
  private static final String UP =
      "ip link set lo up && { ip -6 address add fd00::1/128 dev lo 2>/dev/null || true; } && ";

  private static final String TRIAL = UP + "nft 'add table ip sluice'";
  private static final long TRIAL_SECONDS = 10;

  /** As root, whose other identities stay usable; else with an identity that keeps its number. */
  private static final List<List<String>> WAYS =
      List.of(
          List.of("unshare", "--net"),
          List.of("unshare", "--net", "--user", "--map-current-user", "--keep-caps"));

  private OwnNetwork() {}

  /**
   * Runs this program once more in a network of its own and waits for its end.
   *
   * @return its exit code; empty where the machine gives no such network, or this is it already
   */
  public static OptionalInt run(Class<?> main, List<String> arguments) {
    if (System.getenv(PacketFilter.OWN_NETWORK) != null) {
      return OptionalInt.empty();
    }
    for (List<String> way : WAYS) {
      if (works(way)) {
        return OptionalInt.of(again(way, main, arguments));
      }
    }
    return OptionalInt.empty();
  }

  private static boolean works(List<String> way) {
    List<String> command = new ArrayList<>(way);
    command.addAll(List.of("sh", "-c", TRIAL));
    try {
      Process trial =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = trial.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS);
      trial.destroyForcibly();
      return ended && trial.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int again(List<String> way, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>(way);
    command.addAll(List.of("sh", "-c", UP + "exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put(PacketFilter.OWN_NETWORK, "yes");
    try {
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      return process.waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("The lab cannot be started in a network of its own", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }
}

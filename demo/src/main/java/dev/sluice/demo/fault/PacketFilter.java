package dev.sluice.demo.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel's packet filter of a network namespace that was made for this process: what goes to a
 * port or comes from it can be dropped, all of it or one packet in a hundred. Nowhere else is there
 * one, so that no firewall of the machine is ever touched. Works by {@code nft}; every call returns
 * when the rule holds.
 */
public final class PacketFilter {
  /** Set for a process by whoever gave it a network of its own. */
  public static final String OWN_NETWORK = "SLUICE_OWN_NETWORK";

  private static final long DEADLINE_SECONDS = 10;
  private static final Pattern COUNTED = Pattern.compile("packets (\\d+)");
  private static final String TABLE =
      """
      table ip sluice {
        counter gone { }
        set dropped { type inet_service; }
        set lossy { type inet_service; }
        chain arriving {
          type filter hook input priority filter;
          tcp dport @dropped counter name gone drop
          tcp sport @dropped counter name gone drop
          tcp dport @lossy numgen random mod 100 < 1 counter name gone drop
          tcp sport @lossy numgen random mod 100 < 1 counter name gone drop
        }
      }
      """;

  private static final class Own {
    static final Optional<PacketFilter> FILTER =
        System.getenv(OWN_NETWORK) == null ? Optional.empty() : Optional.of(new PacketFilter());
  }

  private PacketFilter() {
    nft(TABLE);
  }

  /** That of this process's own network; empty where it shares the machine's. */
  public static Optional<PacketFilter> own() {
    return Own.FILTER;
  }

  /** Drops every packet to and from the port from now on. */
  void drop(int port) {
    nft("add element ip sluice dropped { %d }".formatted(port));
  }

  /** Drops one packet in a hundred. */
  void lose(int port) {
    nft("add element ip sluice lossy { %d }".formatted(port));
  }

  /** Ends what {@link #drop} and {@link #lose} began. */
  void pass(int port) {
    nft(
        """
        add element ip sluice dropped { %1$d }
        delete element ip sluice dropped { %1$d }
        add element ip sluice lossy { %1$d }
        delete element ip sluice lossy { %1$d }
        """
            .formatted(port));
  }

  /** How many packets have been dropped. */
  public long dropped() {
    Matcher found = COUNTED.matcher(nft("list counter ip sluice gone"));
    if (!found.find()) {
      throw new IllegalStateException("nft counts nothing");
    }
    return Long.parseLong(found.group(1));
  }

  /** Runs a script of nft's as one transaction; what it printed. */
  private static String nft(String script) {
    try {
      Process process = new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
      process.outputWriter(StandardCharsets.US_ASCII).append(script).close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(
            String.format(Locale.ROOT, "nft did not take a rule: %s", said));
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException("nft cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }
}

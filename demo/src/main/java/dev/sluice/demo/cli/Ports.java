package dev.sluice.demo.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ports to listen on, 0 for one that the system chooses.
 *
 * @param remarks what differs from the wish, a sentence each
 */
record Ports(int port, int adminPort, List<String> remarks) {
  private static final int PORT = 8080;
  private static final int ADMIN_PORT = 9090;

  Ports {
    remarks = List.copyOf(remarks);
  }

  /**
   * A default port that is taken gives way to a free one, and so does the admin port.
   *
   * @param port null for the default
   * @param adminPort null for the default
   * @throws IllegalStateException when the public port was asked for and is taken
   */
  static Ports choose(@Nullable Integer port, @Nullable Integer adminPort) {
    if (port != null && taken(port)) {
      throw new IllegalStateException(
          "port " + port + " is taken; choose another with --port, 0 for any that is free");
    }
    List<String> remarks = new ArrayList<>();
    int open = port == null ? free(PORT, "Port", "--port", remarks) : port;
    int wanted = adminPort == null ? ADMIN_PORT : adminPort;
    int admin = free(wanted, "Admin port", "--admin-port", remarks);
    return new Ports(open, admin, remarks);
  }

  private static int free(int wanted, String name, String option, List<String> remarks) {
    if (!taken(wanted)) {
      return wanted;
    }
    remarks.add(name + " " + wanted + " is taken; a free one is used (" + option + " chooses).");
    return 0;
  }

  private static boolean taken(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
      return !probe.isBound();
    } catch (IOException e) {
      return true;
    }
  }
}

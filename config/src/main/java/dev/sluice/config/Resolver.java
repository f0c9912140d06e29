package dev.sluice.config;

import java.util.List;

/**
 * Who is asked for the addresses of names.
 *
 * @param servers name servers, asked in this order; empty: those that the system names
 */
public record Resolver(List<Server> servers) {
  /** The name servers of the system. */
  public static final Resolver SYSTEM = new Resolver(List.of());

  public Resolver {
    servers = List.copyOf(servers);
  }

  /** An address, without brackets, and a UDP port. */
  public record Server(String host, int port) {
    @Override
    public String toString() {
      return Addresses.bracketed(host) + ":" + port;
    }
  }
}

package dev.sluice.gateway.telemetry;

/**
 * Versions of HTTP as the attribute {@code network.protocol.version} has them, by small numbers.
 */
final class Versions {
  static final int COUNT = 3;

  private Versions() {}

  /** 0 for HTTP/1.0, 1 for HTTP/1.1, 2 for HTTP/2. */
  static String name(int version) {
    return version == 2 ? "2" : "1." + version;
  }
}

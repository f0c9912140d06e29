package dev.sluice.gateway.proxy.upstream;

import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A backend's own word on how long it keeps an idle connection ({@code Keep-Alive: timeout=5}). */
final class KeepAlive {
  static final AsciiString NAME = AsciiString.cached("keep-alive");

  private KeepAlive() {}

  /**
   * Nanoseconds that a connection may be idle: one second less than the backend says, so that it is
   * not closed while a request is on its way, and never more than ours.
   */
  static long limit(String header, long ours) {
    for (String parameter : header.split(",", -1)) {
      String[] parts = parameter.trim().split("=", 2);
      if (parts.length == 2 && parts[0].trim().toLowerCase(Locale.ROOT).equals("timeout")) {
        String value = parts[1].trim().replace("\"", "");
        return value.matches("[0-9]{1,9}")
            ? Math.min(ours, TimeUnit.SECONDS.toNanos(Math.max(0, Long.parseLong(value) - 1)))
            : ours;
      }
    }
    return ours;
  }
}

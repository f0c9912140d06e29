package dev.sluice.gateway.telemetry;

import java.util.List;

/** The methods that OpenTelemetry knows; all others are one, so that clients make no series. */
final class Methods {
  private static final List<String> NAMES =
      List.of(
          "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE", "_OTHER");

  static final int COUNT = NAMES.size();

  private Methods() {}

  static int index(String method) {
    int index = NAMES.indexOf(method);
    return index < 0 ? COUNT - 1 : index;
  }

  static String name(int index) {
    return NAMES.get(index);
  }
}

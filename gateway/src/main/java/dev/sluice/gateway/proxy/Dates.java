package dev.sluice.gateway.proxy;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;

/**
 * The present second as a Date header has it (RFC 9110, section 5.6.7), formatted once a second.
 */
final class Dates {
  private final InstantSource clock;
  private volatile Formatted last = new Formatted(Long.MIN_VALUE, "");

  private record Formatted(long second, String text) {}

  Dates(InstantSource clock) {
    this.clock = clock;
  }

  String now() {
    Instant now = clock.instant();
    Formatted known = last;
    if (known.second() != now.getEpochSecond()) {
      known = new Formatted(now.getEpochSecond(), DateFormatter.format(Date.from(now)));
      last = known;
    }
    return known.text();
  }
}

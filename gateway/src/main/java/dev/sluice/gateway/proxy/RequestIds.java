package dev.sluice.gateway.proxy;

import java.util.concurrent.ThreadLocalRandom;

/** Ids that tell requests apart in logs; not secrets. */
final class RequestIds {
  private RequestIds() {}

  /** 128 random bits in hex. */
  static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return hex(random.nextLong()) + hex(random.nextLong());
  }

  private static String hex(long bits) {
    String digits = Long.toHexString(bits);
    return "0".repeat(16 - digits.length()) + digits;
  }
}

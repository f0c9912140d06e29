package dev.sluice.gateway.proxy;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Ids that tell requests apart in logs; not secrets. */
final class RequestIds {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

  private RequestIds() {}

  /** 128 random bits in hex. */
  static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    byte[] digits = new byte[32];
    hex(random.nextLong(), digits, 0);
    hex(random.nextLong(), digits, 16);
    return new String(digits, StandardCharsets.ISO_8859_1);
  }

  private static void hex(long bits, byte[] to, int from) {
    for (int i = 0; i < 16; i++) {
      to[from + i] = DIGITS[(int) (bits >>> (60 - 4 * i)) & 0xf];
    }
  }
}

package dev.sluice.gateway.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ids that tell requests apart in logs; not secrets. */
final class RequestIds {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
  private static final int LONGEST = 128;

  private RequestIds() {}

  /**
   * The id that a trusted peer gave the request, where it is one token of at most 128 characters;
   * otherwise a new one.
   */
  static String of(Peer peer, HttpHeaders headers) {
    if (peer.trusted() && headers.contains(Headers.REQUEST_ID)) {
      List<String> given = headers.getAll(Headers.REQUEST_ID);
      if (given.size() == 1 && Tokens.is(given.get(0), LONGEST)) {
        return given.get(0);
      }
    }
    return next();
  }

  /** 128 random bits in hex. */
  static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    byte[] digits = new byte[32];
    hex(random.nextLong(), digits, 0);
    hex(random.nextLong(), digits, 16);
    return new String(digits, StandardCharsets.ISO_8859_1);
  }

  /** Sixteen digits. */
  static void hex(long bits, byte[] to, int from) {
    for (int i = 0; i < 16; i++) {
      to[from + i] = DIGITS[(int) (bits >>> (60 - 4 * i)) & 0xf];
    }
  }
}

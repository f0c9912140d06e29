package dev.sluice.fallback.store;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Ids of records: 32 hex digits, of which the first twelve are the time in milliseconds and the
 * rest 80 random bits. Nobody guesses one, and those made one after the other lie side by side in
 * an index: a commit changes one of its pages where random ones would change as many as it has
 * records.
 */
final class WriteIds {
  private static final int TIME_BYTES = 6;
  private static final int RANDOM_BYTES = 10;

  private final SecureRandom random = new SecureRandom();

  /**
   * One more.
   *
   * @param now milliseconds since 1970
   */
  String next(long now) {
    byte[] drawn = new byte[RANDOM_BYTES];
    random.nextBytes(drawn);
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(now, 2 * TIME_BYTES) + hex.formatHex(drawn);
  }
}

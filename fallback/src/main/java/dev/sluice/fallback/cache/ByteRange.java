package dev.sluice.fallback.cache;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One range of bytes (RFC 9110, section 14.1.2).
 *
 * @param satisfied false where it lies beyond the end; it is then empty
 */
record ByteRange(int from, int length, boolean satisfied) {
  private static final Pattern ONE =
      Pattern.compile(
          "bytes *= *(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", Pattern.CASE_INSENSITIVE);

  /** Null for what is no single range, which is answered whole. */
  static @Nullable ByteRange parse(String field, int size) {
    Matcher found = ONE.matcher(field.strip());
    if (!found.matches()) {
      return null;
    }
    if (found.group(3) != null) {
      long last = Math.min(size, Long.parseLong(found.group(3)));
      return of(size - last, size - 1L, size);
    }
    long from = Long.parseLong(found.group(1));
    long to = found.group(2).isEmpty() ? size - 1L : Long.parseLong(found.group(2));
    return !found.group(2).isEmpty() && to < from ? null : of(from, to, size);
  }

  private static ByteRange of(long from, long to, int size) {
    if (from >= size) {
      return new ByteRange(0, 0, false);
    }
    long last = Math.min(to, size - 1L);
    return new ByteRange((int) from, (int) (last - from + 1), true);
  }

  /** As Content-Range has it. */
  String field(int size) {
    return satisfied ? "bytes " + from + "-" + (from + length - 1) + "/" + size : "bytes */" + size;
  }
}

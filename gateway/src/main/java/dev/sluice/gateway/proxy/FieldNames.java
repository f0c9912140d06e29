package dev.sluice.gateway.proxy;

import io.netty.util.AsciiString;
import java.util.Set;
import java.util.TreeSet;

/**
 * What becomes of a field, by its name in any case. Looking a name up allocates nothing: names that
 * were read from a connection know their hash, and the table is sparse.
 */
final class FieldNames {
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "upgrade",
          "http2-settings");

  private static final Set<String> NO_TRAILERS =
      Set.of(
          "transfer-encoding",
          "content-length",
          "content-encoding",
          "content-type",
          "content-range",
          "host",
          "via",
          "date",
          "authorization",
          "cookie",
          "set-cookie",
          "www-authenticate",
          "location",
          "cache-control",
          "age",
          "expires",
          "pragma",
          "vary",
          "max-forwards",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "if-range",
          "range",
          "prefer",
          "idempotency-key",
          "x-api-key",
          "x-http-method-override",
          "x-cloud-trace-context");

  private static final Set<String> FOR_ALL =
      Set.of(
          "close",
          "host",
          "content-length",
          "transfer-encoding",
          "content-type",
          "content-encoding",
          "content-range",
          "authorization",
          "cookie",
          "set-cookie",
          "idempotency-key",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "if-range",
          "range",
          "cache-control",
          "vary",
          "expires",
          "age",
          "location",
          "via",
          "date");

  private static final Set<String> MADE_ANEW =
      Set.of(
          "forwarded",
          "x-real-ip",
          "x-serverless-authorization",
          "expect",
          "x-request-id",
          "traceparent",
          "tracestate");

  private static final Traits NONE = new Traits(false, false, false, false, false);
  private static final Traits FORWARDING = new Traits(false, false, true, true, false);
  private static final Traits OWN = new Traits(false, false, true, true, true);
  private static final Traits PLATFORM = new Traits(false, false, true, false, false);

  private static final int SIZE = 256;
  private static final AsciiString[] NAMES = new AsciiString[SIZE];
  private static final Traits[] TRAITS = new Traits[SIZE];

  static {
    Set<String> all = new TreeSet<>(HOP_BY_HOP);
    all.addAll(NO_TRAILERS);
    all.addAll(FOR_ALL);
    all.addAll(MADE_ANEW);
    all.forEach(FieldNames::put);
  }

  private FieldNames() {}

  /**
   * What is known of a name.
   *
   * @param hopByHop concerns one connection alone (RFC 9110, section 7.6.1)
   * @param forAll Connection may not name it, against the letter of RFC 9110, section 7.6.1:
   *     without it a message would be framed, routed, trusted, stored or repeated in another way
   *     than it is read
   * @param early has no place among trailers, since it frames, routes, authenticates or says how a
   *     message is to be handled (RFC 9110, section 6.5.1)
   * @param madeAnew what a client says of it is dropped; the gateway says it itself, or nobody does
   * @param own only the gateway says it, to either side
   */
  record Traits(boolean hopByHop, boolean forAll, boolean early, boolean madeAnew, boolean own) {}

  private static void put(String name) {
    boolean hop = HOP_BY_HOP.contains(name);
    boolean anew = MADE_ANEW.contains(name);
    boolean early = hop || anew || NO_TRAILERS.contains(name);
    AsciiString key = AsciiString.cached(name);
    int at = slot(key.hashCode());
    while (NAMES[at] != null) {
      at = (at + 1) % SIZE;
    }
    NAMES[at] = key;
    TRAITS[at] = new Traits(hop, FOR_ALL.contains(name), early, anew, false);
  }

  private static int slot(int hash) {
    return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (SIZE - 1);
  }

  /** The traits of a field. */
  static Traits of(CharSequence name) {
    for (int at = slot(AsciiString.hashCode(name)); NAMES[at] != null; at = (at + 1) % SIZE) {
      if (NAMES[at].contentEqualsIgnoreCase(name)) {
        return TRAITS[at];
      }
    }
    return name.length() < 7 ? NONE : byPrefix(name);
  }

  private static Traits byPrefix(CharSequence name) {
    int first = name.charAt(0) | 0x20;
    if (first == 's') {
      return begins(name, "sluice-") ? OWN : NONE;
    }
    if (first != 'x') {
      return NONE;
    }
    return begins(name, "x-forwarded-") ? FORWARDING : begins(name, "x-goog-") ? PLATFORM : NONE;
  }

  private static boolean begins(CharSequence name, String prefix) {
    return AsciiString.regionMatchesAscii(name, true, 0, prefix, 0, prefix.length());
  }
}

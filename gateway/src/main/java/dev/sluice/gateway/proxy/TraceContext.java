package dev.sluice.gateway.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.Iterator;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to (W3C Trace Context, level 1). Where the gateway records no
 * spans a valid {@code traceparent} is forwarded unchanged together with its {@code tracestate}.
 * Where there is none, or several, or one that cannot be read, a new one takes its place and {@code
 * tracestate} is dropped: by {@code X-Cloud-Trace-Context} where that is well formed, otherwise
 * with the request's id as the trace's and without the flag {@code sampled}.
 *
 * @param traceId 32 hexadecimal digits
 */
record TraceContext(CharSequence parent, String traceId, From from) {
  /** Who named the trace. */
  enum From {
    /** The request's traceparent. */
    PARENT,
    /** The request's X-Cloud-Trace-Context. */
    CLOUD,
    /** The gateway. */
    GATEWAY
  }

  private static final AsciiString PARENT = AsciiString.cached("traceparent");
  private static final AsciiString STATE = AsciiString.cached("tracestate");
  private static final AsciiString CLOUD = AsciiString.cached("x-cloud-trace-context");
  private static final int ID = 3;
  private static final int SPAN = ID + 32 + 1;
  private static final int FLAGS = SPAN + 16 + 1;
  private static final int LENGTH = FLAGS + 2;
  private static final int LONGEST = 256;

  /**
   * The trace of a request.
   *
   * @param requestId the trace's id as well, where it can be one and no other is known
   */
  static TraceContext of(HttpHeaders headers, String requestId) {
    CharSequence parent = only(headers, PARENT);
    if (parent != null && valid(parent)) {
      return new TraceContext(parent, parent.subSequence(ID, SPAN - 1).toString(), From.PARENT);
    }
    CharSequence cloud = only(headers, CLOUD);
    TraceContext known = cloud == null ? null : ofCloud(cloud);
    if (known != null) {
      return known;
    }
    boolean fits = requestId.length() == 32 && id(requestId, 0, 32);
    return made(fits ? requestId : RequestIds.next(), span(), '0', From.GATEWAY);
  }

  /** As a span that the gateway records tells those below it; the rest of the trace's is kept. */
  TraceContext under(SpanContext span) {
    AsciiString parent = AsciiString.cached(Tracing.traceparent(span));
    return new TraceContext(parent, span.getTraceId(), from);
  }

  /** The parent, for a span of the gateway's own. */
  SpanContext remote() {
    return SpanContext.createFromRemoteParent(
        traceId,
        parent.subSequence(SPAN, SPAN + 16).toString(),
        TraceFlags.getSampled(),
        TraceState.getDefault());
  }

  private static @Nullable CharSequence only(HttpHeaders headers, AsciiString name) {
    if (!headers.contains(name)) {
      return null;
    }
    Iterator<? extends CharSequence> lines = headers.valueCharSequenceIterator(name);
    CharSequence first = lines.next();
    return lines.hasNext() ? null : first;
  }

  /** Version 00 as it is defined, higher ones as far as they must agree with it (3.2.4). */
  private static boolean valid(CharSequence parent) {
    int length = parent.length();
    return length >= LENGTH
        && length <= LONGEST
        && hex(parent, 0, 2)
        && !starts(parent, "ff")
        && (length == LENGTH || (!starts(parent, "00") && parent.charAt(LENGTH) == '-'))
        && parent.charAt(2) == '-'
        && id(parent, ID, 32)
        && parent.charAt(SPAN - 1) == '-'
        && id(parent, SPAN, 16)
        && parent.charAt(FLAGS - 1) == '-'
        && hex(parent, FLAGS, 2);
  }

  /** The parent that a kept request was told, where somebody records its trace. */
  static @Nullable SpanContext recorded(@Nullable String parent) {
    return parent == null || !valid(parent) || !sampled(parent)
        ? null
        : new TraceContext(parent, parent.substring(ID, SPAN - 1), From.PARENT).remote();
  }

  private static boolean starts(CharSequence text, String version) {
    return text.charAt(0) == version.charAt(0) && text.charAt(1) == version.charAt(1);
  }

  /** Hexadecimal digits in lower case that are not all zero. */
  private static boolean id(CharSequence text, int from, int length) {
    boolean zero = true;
    for (int i = from; zero && i < from + length; i++) {
      zero = text.charAt(i) == '0';
    }
    return !zero && hex(text, from, length);
  }

  private static boolean hex(CharSequence text, int from, int length) {
    for (int i = from; i < from + length; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** {@code TRACE_ID/SPAN_ID;o=OPTIONS}, of which all but the trace's id may be missing. */
  private static @Nullable TraceContext ofCloud(CharSequence field) {
    String text = AsciiString.of(field).toLowerCase().toString();
    int options = text.indexOf(";o=");
    String ids = options < 0 ? text : text.substring(0, options);
    String flags = options < 0 ? "0" : text.substring(options + 3);
    boolean known = ids.length() >= 32 && id(ids, 0, 32);
    boolean spanned = ids.length() > 33 && ids.charAt(32) == '/';
    if (!known || (ids.length() > 32 && !spanned) || !(flags.equals("0") || flags.equals("1"))) {
      return null;
    }
    long span = spanned ? decimal(ids.substring(33)) : span();
    return span == 0 ? null : made(ids.substring(0, 32), span, flags.charAt(0), From.CLOUD);
  }

  /** 64 bits without a sign; 0 where the text is no such number. */
  private static long decimal(String digits) {
    try {
      boolean signed = digits.charAt(0) == '+';
      return signed || digits.length() > 20 ? 0 : Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static long span() {
    return ThreadLocalRandom.current().nextLong() | 1;
  }

  @SuppressWarnings("deprecation") // a copy of ASCII alone, without a character set
  private static TraceContext made(String traceId, long span, char sampled, From from) {
    byte[] parent = new byte[LENGTH];
    parent[0] = '0';
    parent[1] = '0';
    parent[2] = '-';
    traceId.getBytes(0, 32, parent, ID);
    parent[SPAN - 1] = '-';
    RequestIds.hex(span, parent, SPAN);
    parent[FLAGS - 1] = '-';
    parent[FLAGS] = '0';
    parent[FLAGS + 1] = (byte) sampled;
    return new TraceContext(new AsciiString(parent, false), traceId, from);
  }

  /** Whether whoever began it keeps it, as far as the parent says (2.2.4, the lowest flag). */
  boolean sampled() {
    return sampled(parent);
  }

  private static boolean sampled(CharSequence parent) {
    return (Character.digit(parent.charAt(LENGTH - 1), 16) & 1) == 1;
  }

  /** Tells the backend; a state is worth nothing without the parent that came with it. */
  void write(HttpHeaders headers, HttpHeaders to) {
    to.add(PARENT, parent);
    if (from == From.PARENT && headers.contains(STATE)) {
      to.add(STATE, String.join(",", headers.getAll(STATE)));
    }
  }
}

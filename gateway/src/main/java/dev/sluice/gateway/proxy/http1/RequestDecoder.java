package dev.sluice.gateway.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** Requests of one client connection (RFC 9112, section 3). */
public final class RequestDecoder extends MessageDecoder {
  private static final int MAX_METHOD = 32;
  private static final int MAX_EMPTY_LINES = 4;

  private int emptyLines;
  private boolean old;

  private final BooleanSupplier full;

  /**
   * @param full whether what was read so far has not been taken: a single read may hold thousands
   *     of small requests, or of small chunks
   */
  public RequestDecoder(Limits limits, BooleanSupplier full) {
    super(limits);
    this.full = full;
  }

  @Override
  boolean full() {
    return full.getAsBoolean();
  }

  /** A few empty lines before a request are passed over (RFC 9112, section 2.2). */
  @Override
  boolean skipBefore(ByteBuf in) throws Malformed {
    if (in.getByte(in.readerIndex()) != Grammar.CR) {
      return false;
    }
    if (in.readableBytes() < 2) {
      return true;
    }
    if (in.getByte(in.readerIndex() + 1) != Grammar.LF || ++emptyLines > MAX_EMPTY_LINES) {
      throw Malformed.bad("a request begins with its method");
    }
    in.skipBytes(2);
    return true;
  }

  /**
   * Reads a whole head, its empty line included, that did not come as these bytes: what another
   * protocol's head says in HTTP/1.1.
   */
  public static HttpRequest read(byte[] head) throws Malformed {
    return read(head, new Framing());
  }

  @Override
  HttpMessage message(byte[] head, Framing framing) throws Malformed {
    emptyLines = 0;
    HttpRequest request = read(head, framing);
    old = old(request);
    return request;
  }

  private static boolean old(HttpRequest request) {
    return request.protocolVersion().minorVersion() == 0;
  }

  private static HttpRequest read(byte[] head, Framing framing) throws Malformed {
    int method = 0;
    while (Grammar.token(head[method])) {
      method++;
    }
    if (method == 0 || method > MAX_METHOD || head[method] != ' ') {
      throw Malformed.bad("a request line is METHOD TARGET HTTP/1.1, with one space between");
    }
    int target = method + 1;
    int targetEnd = target;
    while (Grammar.target(head[targetEnd])) {
      targetEnd++;
    }
    if (targetEnd == target || head[targetEnd] != ' ') {
      throw Malformed.bad("a request line is METHOD TARGET HTTP/1.1, with one space between");
    }
    HttpVersion version = Versions.at(head, targetEnd + 1);
    HttpHeaders headers = noHeaders();
    int fields = Versions.afterLine(head, targetEnd + 1 + Versions.LENGTH);
    new FieldLines(head, fields, headers, framing).read();
    framing.needHost(version.minorVersion() == 0);
    return new DefaultHttpRequest(
        version,
        method(head, method),
        new String(head, target, targetEnd - target, StandardCharsets.ISO_8859_1),
        headers);
  }

  private static HttpMethod method(byte[] head, int length) {
    if (length == 3 && head[0] == 'G' && head[1] == 'E' && head[2] == 'T') {
      return HttpMethod.GET;
    }
    return HttpMethod.valueOf(new String(head, 0, length, StandardCharsets.US_ASCII));
  }

  @Override
  long bodyLength(Framing framing) throws Malformed {
    long length = framing.length();
    if (length == Framing.CHUNKED && old) {
      throw Malformed.bad("HTTP/1.0 knows no transfer codings");
    }
    return length == Framing.UNKNOWN ? 0 : length;
  }
}

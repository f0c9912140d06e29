package dev.sluice.gateway.proxy.http1;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/**
 * Responses of one upstream connection (RFC 9112, section 4), distrusted like requests: a length
 * that could be read in two ways is none.
 */
public final class ResponseDecoder extends MessageDecoder {
  private final BooleanSupplier headAsked;
  private final BooleanSupplier endedWell;
  private int status;
  private boolean old;

  /**
   * @param headAsked whether the request that is answered now was a HEAD
   * @param endedWell asked when the connection has ended: whether an answer may end with it
   */
  public ResponseDecoder(Limits limits, BooleanSupplier headAsked, BooleanSupplier endedWell) {
    super(limits);
    this.headAsked = headAsked;
    this.endedWell = endedWell;
  }

  /**
   * Reads a whole head, its empty line included, that did not come as these bytes: what another
   * protocol's head says in HTTP/1.1.
   */
  public static HttpResponse read(byte[] head) throws Malformed {
    return read(head, new Framing());
  }

  @Override
  HttpMessage message(byte[] head, Framing framing) throws Malformed {
    HttpResponse response = read(head, framing);
    old = Versions.at(head, 0).minorVersion() == 0;
    status = response.status().code();
    return response;
  }

  private static HttpResponse read(byte[] head, Framing framing) throws Malformed {
    int code = Versions.LENGTH + 1;
    Versions.at(head, 0);
    int status = status(head, code);
    int reason = code + 3;
    int end = reason;
    while (Grammar.value(head[end])) {
      end++;
    }
    boolean spaced = end == reason || head[reason] == ' ';
    if (!spaced) {
      throw Malformed.bad("a status has more than three digits");
    }
    HttpHeaders headers = noHeaders();
    int fields = Versions.afterLine(head, end);
    new FieldLines(head, fields, headers, framing).read();
    if (bodiless(status)) {
      headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    }
    if (status < 200 || status == 204) {
      headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    }
    return new DefaultHttpResponse(HttpVersion.HTTP_1_1, named(status, head, reason, end), headers);
  }

  @Override
  boolean endedWell() {
    return endedWell.getAsBoolean();
  }

  private static int status(byte[] head, int at) throws Malformed {
    int status = 0;
    for (int i = at; i < at + 3; i++) {
      if (head[at - 1] != ' ' || !Grammar.digit(head[i])) {
        throw Malformed.bad("a status line has no status of three digits");
      }
      status = status * 10 + head[i] - '0';
    }
    if (status < 100 || status > 599) {
      throw Malformed.bad("a status is between 100 and 599");
    }
    return status;
  }

  /** The backend's own reason where it differs from the usual one. */
  private static HttpResponseStatus named(int status, byte[] head, int from, int to) {
    HttpResponseStatus usual = HttpResponseStatus.valueOf(status);
    String phrase = usual.reasonPhrase();
    int length = to - from - 1;
    if (length <= 0) {
      return usual;
    }
    boolean same = length == phrase.length();
    for (int i = 0; same && i < length; i++) {
      same = head[from + 1 + i] == phrase.charAt(i);
    }
    return same
        ? usual
        : new HttpResponseStatus(
            status, new String(head, from + 1, length, StandardCharsets.ISO_8859_1));
  }

  /** Whether no body can follow, whatever the fields say (RFC 9112, section 6.3). */
  private static boolean bodiless(int status) {
    return status < 200 || status == 204 || status == 304;
  }

  @Override
  long bodyLength(Framing framing) throws Malformed {
    long length = framing.length();
    if (length == Framing.CHUNKED && old) {
      throw Malformed.bad("HTTP/1.0 knows no transfer codings");
    }
    return bodiless(status) || headAsked.getAsBoolean() ? 0 : length;
  }
}

package dev.sluice.gateway.proxy.http2;

import dev.sluice.gateway.proxy.http1.EncodedAnswer;
import dev.sluice.gateway.proxy.http1.Malformed;
import dev.sluice.gateway.proxy.http1.ResponseDecoder;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/** Heads of answers (RFC 9113, section 8.3.2) as HTTP/1.1 says them, and back. */
final class ResponseHeads {
  private static final int USUAL = 16;

  private ResponseHeads() {}

  /** The head of an answer that goes to a client. */
  static Http2Headers write(HttpResponse response) {
    Http2Headers to = new DefaultHttp2Headers(false, response.headers().size() + 1);
    to.status(response.status().codeAsText());
    FieldRules.copy(response.headers(), to);
    return to;
  }

  /** The same of one that is encoded for HTTP/1.1. */
  static Http2Headers write(EncodedAnswer answer) {
    Http2Headers to = new DefaultHttp2Headers(false, USUAL);
    to.status(HttpResponseStatus.valueOf(answer.status()).codeAsText());
    answer.fields((name, value) -> FieldRules.add(name, value, to));
    return to;
  }

  /**
   * The answer that a backend's head says.
   *
   * @param ends no body follows
   */
  static HttpResponse read(Http2Headers fields, boolean ends) throws Malformed {
    CharSequence status = fields.status();
    if (status == null || fields.getAll(Http2Headers.PseudoHeaderName.STATUS.value()).size() > 1) {
      throw Malformed.bad("an answer has exactly one :status");
    }
    HeadLines head = new HeadLines().text("HTTP/1.1 ").text(status).text(" ").end();
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      CharSequence name = field.getKey();
      if (name.length() == 0 || name.charAt(0) != ':') {
        FieldRules.check(name, field.getValue());
        head.field(name, field.getValue());
      } else if (!Http2Headers.PseudoHeaderName.STATUS.value().contentEquals(name)) {
        throw Malformed.bad("a pseudo-header is none of an answer's");
      }
    }
    if (!ends && fields.get(HttpHeaderNames.CONTENT_LENGTH) == null && !interim(status)) {
      head.field(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    return ResponseDecoder.read(head.whole());
  }

  private static boolean interim(CharSequence status) {
    return status.length() > 0 && status.charAt(0) == '1';
  }
}

package dev.sluice.gateway.proxy;

import dev.sluice.config.Filter;
import dev.sluice.fallback.cache.HeaderFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The body of one answer in gzip (RFC 9110, section 8.4.1.3), piece by piece. Only what is text, is
 * whole and is in no coding yet is taken. Belongs to one exchange; {@link #close} lets go of
 * everything.
 */
final class Gzipping {
  private static final int LEVEL = 4;
  private static final List<String> TEXTS =
      List.of(
          "text/",
          "application/json",
          "application/problem+json",
          "application/health+json",
          "application/javascript",
          "application/xml",
          "application/xhtml+xml",
          "application/graphql-response+json",
          "image/svg+xml");

  private final EmbeddedChannel coder =
      new EmbeddedChannel(ZlibCodecFactory.newZlibEncoder(ZlibWrapper.GZIP, LEVEL));

  private Gzipping() {}

  /**
   * For this answer, whose head it changes; null where it stays as it is.
   *
   * @param asked what the client asked for, and takes
   */
  static @Nullable Gzipping of(Filter.@Nullable Gzip filter, Asked asked, HttpResponse response) {
    NettyFields fields = new NettyFields(response.headers());
    String length = fields.get("Content-Length");
    if (filter == null || !text(filter, response.status().code(), fields, length)) {
      return null;
    }
    HttpHeaders headers = response.headers();
    headers.add(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
    if (asked.method().equals("HEAD") || !takes(asked.headers())) {
      return null;
    }
    headers.set(HttpHeaderNames.CONTENT_ENCODING, "gzip");
    headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    headers.remove(HttpHeaderNames.ACCEPT_RANGES);
    String tag = headers.get(HttpHeaderNames.ETAG);
    if (tag != null && !tag.startsWith("W/")) {
      headers.set(HttpHeaderNames.ETAG, "W/" + tag); // other bytes, the same meaning
    }
    return new Gzipping();
  }

  /**
   * Whether an answer is of the kind that is compressed.
   *
   * @param length of its body; null where that is found out too late
   */
  static boolean text(
      Filter.Gzip filter, int status, HeaderFields fields, @Nullable String length) {
    String type = fields.get("Content-Type");
    boolean whole = status == 200 || status == 201 || status >= 400;
    return whole
        && type != null
        && TEXTS.stream().anyMatch(type.toLowerCase(Locale.ROOT)::startsWith)
        && !fields.has("Content-Encoding")
        && fields.all("Cache-Control").stream().noneMatch(Gzipping::keepsItsForm)
        && worth(length, filter.least());
  }

  private static boolean keepsItsForm(String control) {
    return control.toLowerCase(Locale.ROOT).contains("no-transform");
  }

  private static boolean worth(@Nullable String length, long least) {
    return length == null || (length.length() < 19 && Long.parseLong(length) >= least);
  }

  /** Whether gzip is among the codings that the client takes (RFC 9110, section 12.5.3). */
  static boolean takes(HttpHeaders request) {
    boolean any = false;
    for (String line : request.getAll(HttpHeaderNames.ACCEPT_ENCODING)) {
      for (String member : line.toLowerCase(Locale.ROOT).split(",", -1)) {
        String[] parts = member.split(";", 2);
        String coding = parts[0].strip();
        boolean refused = parts.length > 1 && parts[1].strip().matches("q\\s*=\\s*0(\\.0{0,3})?");
        if (coding.equals("gzip") || coding.equals("x-gzip")) {
          return !refused;
        }
        any |= coding.equals("*") && !refused;
      }
    }
    return any;
  }

  /** What is to be sent of this piece, which is taken over. */
  ByteBuf add(ByteBuf piece) {
    coder.writeOutbound(piece);
    return coded();
  }

  /** The rest, after the last piece. */
  ByteBuf end() {
    coder.finish();
    return coded();
  }

  private ByteBuf coded() {
    CompositeByteBuf all = coder.alloc().compositeBuffer();
    for (ByteBuf next = coder.readOutbound(); next != null; next = coder.readOutbound()) {
      all.addComponent(true, next);
    }
    if (all.isReadable()) {
      return all;
    }
    all.release();
    return Unpooled.EMPTY_BUFFER;
  }

  /** Safe to call twice. */
  void close() {
    coder.finishAndReleaseAll();
  }
}

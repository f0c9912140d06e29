package dev.sluice.gateway.proxy.http2;

import dev.sluice.gateway.proxy.http1.Limits;
import dev.sluice.gateway.proxy.http1.Malformed;
import dev.sluice.gateway.proxy.http1.MessageEncoder;
import dev.sluice.gateway.proxy.http1.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/** Heads of HTTP/2: refused, or one request of HTTP/1.1 and no more. */
public final class HeadsFuzz {
  private static final Limits LIMITS = new Limits(8192, 65_536);

  private HeadsFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    Http2Headers fields = new DefaultHttp2Headers(false);
    String text = new String(input, 1, input.length - 1, StandardCharsets.ISO_8859_1);
    for (String line : text.split("\u0001", 60)) {
      int middle = line.indexOf('\u0002');
      if (middle >= 0) {
        fields.add(line.substring(0, middle), line.substring(middle + 1));
      }
    }
    try {
      one(RequestHeads.read(fields, input[0] % 2 == 0));
    } catch (Malformed refused) {
      // as it is to be
    }
  }

  private static void one(HttpRequest request) {
    EmbeddedChannel writer = new EmbeddedChannel(new MessageEncoder(() -> false));
    EmbeddedChannel reader = new EmbeddedChannel(new RequestDecoder(LIMITS, () -> false));
    writer.writeOutbound(request);
    for (ByteBuf next = writer.readOutbound(); next != null; next = writer.readOutbound()) {
      reader.writeInbound(next);
    }
    Object first = reader.readInbound();
    boolean same = first instanceof HttpRequest read && read.toString().equals(request.toString());
    Object second = reader.readInbound();
    boolean alone = second == null || second instanceof LastHttpContent;
    boolean over = reader.readInbound() == null;
    ReferenceCountUtil.release(first);
    ReferenceCountUtil.release(second);
    writer.finishAndReleaseAll();
    reader.finishAndReleaseAll();
    if (!same || !alone || !over) {
      throw new AssertionError(request + " was read as " + first + ", then " + second);
    }
  }
}

package dev.sluice.gateway.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A reader that goes no further than somebody takes what it has read. */
final class FullDecoderTest {
  private static final String ALL = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000);

  private final AtomicInteger room = new AtomicInteger(10);
  private final RequestDecoder decoder =
      new RequestDecoder(new Limits(1024, 1024), () -> room.get() <= 0);
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          decoder,
          new io.netty.channel.ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(io.netty.channel.ChannelHandlerContext ctx, Object message) {
              room.addAndGet(message instanceof HttpRequest ? -1 : 0);
              ctx.fireChannelRead(message);
            }
          });

  private int read() {
    int requests = 0;
    for (Object each = channel.readInbound(); each != null; each = channel.readInbound()) {
      requests += each instanceof HttpRequest ? 1 : 0;
      ReferenceCountUtil.release(each);
    }
    return requests;
  }

  @Test
  void itStopsWhereItIsFullAndGoesOnWhenItIsNot() throws Exception {
    channel.writeInbound(Unpooled.copiedBuffer(ALL, StandardCharsets.US_ASCII));
    assertThat(read()).isEqualTo(10);
    assertThat(decoder.stopped()).isTrue();
    assertThat(decoder.unfinished()).isTrue();

    room.set(7);
    decoder.more(channel.pipeline().firstContext());
    assertThat(read()).isEqualTo(7);

    room.set(10_000);
    decoder.more(channel.pipeline().firstContext());
    assertThat(read()).isEqualTo(983);
    assertThat(decoder.stopped()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void whatCameBeforeTheEndOfTheInputIsReadAll() {
    channel.writeInbound(Unpooled.copiedBuffer(ALL, StandardCharsets.US_ASCII));
    assertThat(read()).isEqualTo(10);
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(read()).isEqualTo(990);
    channel.finishAndReleaseAll();
  }
}

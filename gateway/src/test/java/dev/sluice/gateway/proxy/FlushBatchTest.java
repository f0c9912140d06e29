package dev.sluice.gateway.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class FlushBatchTest {
  private final Queue<Runnable> turn = new ArrayDeque<>();
  private final FlushBatch batch = new FlushBatch(turn::add);
  private final List<String> told = new ArrayList<>();

  private EmbeddedChannel channel(String name) {
    return new EmbeddedChannel(
        new ChannelOutboundHandlerAdapter() {
          @Override
          public void flush(ChannelHandlerContext ctx) {
            told.add("flush " + name);
            ctx.flush();
          }
        },
        batch.newHandler(() -> told.add("sent " + name)));
  }

  private static void send(EmbeddedChannel channel, int bytes) {
    channel.pipeline().write(Unpooled.wrappedBuffer(new byte[bytes]));
    channel.pipeline().flush();
  }

  private void endTurn() {
    for (Runnable task = turn.poll(); task != null; task = turn.poll()) {
      task.run();
    }
  }

  @Test
  void whatOneTurnWritesIsSentAtItsEnd() {
    EmbeddedChannel a = channel("a");
    EmbeddedChannel b = channel("b");
    send(a, 1);
    send(b, 1);
    send(a, 1);
    assertThat(told).isEmpty();
    assertThat(turn).hasSize(1);

    endTurn();
    assertThat(told).containsExactly("flush a", "sent a", "flush b", "sent b");

    send(b, 1);
    endTurn();
    assertThat(told).endsWith("flush b", "sent b").hasSize(6);
    a.finishAndReleaseAll();
    b.finishAndReleaseAll();
  }

  private static List<String> sent(EmbeddedChannel channel) {
    List<String> pieces = new ArrayList<>();
    for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
      pieces.add(piece.toString(US_ASCII));
      piece.release();
    }
    return pieces;
  }

  private static void write(EmbeddedChannel channel, String text) {
    channel.pipeline().write(Unpooled.copiedBuffer(text, US_ASCII), channel.voidPromise());
  }

  @Test
  void smallPiecesLeaveAsOneInTheirOrder() {
    EmbeddedChannel channel = channel("a");
    String large = "L".repeat(5000);
    String half = "h".repeat(1100);
    for (String piece : List.of("a", "", "b", large, "c", half, half)) {
      write(channel, piece);
    }
    channel.pipeline().flush();
    endTurn();
    assertThat(sent(channel)).containsExactly("ab", large, "c" + half, half);
    channel.finishAndReleaseAll();
  }

  @Test
  void whoWaitsForAWriteIsToldOfIt() {
    EmbeddedChannel channel = channel("a");
    write(channel, "a");
    channel
        .pipeline()
        .write(Unpooled.EMPTY_BUFFER)
        .addListener(done -> told.add("after " + channel.outboundMessages().size()));
    channel.pipeline().flush();
    endTurn();
    assertThat(told).containsExactly("flush a", "after 2", "sent a");
    channel.finishAndReleaseAll();
  }

  @Test
  void muchDoesNotWait() {
    EmbeddedChannel channel = channel("a");
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(10, 20));
    send(channel, 100);
    assertThat(told).containsExactly("flush a", "sent a");
    endTurn();
    assertThat(told).hasSize(2);
    channel.finishAndReleaseAll();
  }

  @Test
  void aConnectionThatIsClosedSendsFirst() {
    EmbeddedChannel channel = channel("a");
    send(channel, 1);
    channel.close();
    assertThat(told).containsExactly("flush a", "sent a");
    endTurn();
    assertThat(told).hasSize(2);
    channel.finishAndReleaseAll();
  }
}

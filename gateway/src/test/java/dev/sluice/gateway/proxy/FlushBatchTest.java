package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

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

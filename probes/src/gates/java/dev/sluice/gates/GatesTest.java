package dev.sluice.gates;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** The gates stand in this module, and see what they are there for. */
@Isolated("plants what is counted for the whole process")
class GatesTest {
  @Test
  void aBlockedLoopOfNettyIsCaught() {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    assertThat(BlockingCalls.stop(loops)).isTrue();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  @Test
  void aBlockedLoopOfReactorNettyIsCaught() {
    for (boolean epoll : new boolean[] {true, false}) {
      LoopResources loops = LoopResources.create("gates");
      assertThat(BlockingCalls.stop(loops.onServer(epoll))).isTrue();
      assertThat(BlockingCalls.stop(loops.onClient(epoll))).isTrue();
      loops.dispose();
    }
  }

  @Test
  void aBlockedTimerOfReactorIsCaught() {
    assertThat(BlockingCalls.stop(Schedulers.parallel()::schedule)).isTrue();
    Scheduler single = Schedulers.newSingle("gates");
    assertThat(BlockingCalls.stop(single::schedule)).isTrue();
    single.dispose();
  }

  @Test
  void otherThreadsMayWait() {
    assertThat(BlockingCalls.stop(ForkJoinPool.commonPool())).isFalse();
    assertThat(BlockingCalls.stop(Schedulers.boundedElastic()::schedule)).isFalse();
  }

  @Test
  void aDroppedBufferIsCounted() {
    drop();
    Leaks.settle();
    assertThat(Gates.verdict()).doesNotStartWith(Gates.CLEAN).contains("GatesTest.drop");
    assertThat(Leaks.forgive(GatesTest.class)).isEqualTo(1);
  }

  @Test
  void aReleasedBufferIsNot() {
    ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer();
    buffer.release();
    Leaks.settle();
    assertThat(Leaks.forgive(GatesTest.class)).isZero();
  }

  private static void drop() {
    PooledByteBufAllocator.DEFAULT.buffer().writeByte(1);
  }
}

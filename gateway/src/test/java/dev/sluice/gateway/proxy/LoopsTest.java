package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gates.BlockingCalls;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No loop of the data path may wait. */
class LoopsTest {
  @ParameterizedTest
  @EnumSource
  void aBlockedLoopIsCaught(Transports transport) {
    EventLoopGroup loops = transport.loops(1);
    assertThat(BlockingCalls.stop(loops)).isTrue();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

package dev.sluice.probes.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class SessionLoopsTest {
  private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();

  @Test
  void aLoopIsRenewedAfterItsSessionsAndEndsLater() {
    try (SessionLoops loops = new SessionLoops(timer)) {
      EventLoopGroup first = loops.next();
      Set<EventLoopGroup> used = new HashSet<>(Set.of(first));
      for (int i = 1; i < SessionLoops.MOST_SESSIONS; i++) {
        used.add(loops.next());
      }
      assertThat(used).containsExactly(first);
      assertThat(loops.next()).isNotSameAs(first);
      timer.advanceTimeBy(Duration.ofMinutes(1));
      assertThat(first.isShuttingDown()).isFalse();
      timer.advanceTimeBy(Duration.ofMinutes(1));
      Awaitility.await().until(first::isTerminated);
    }
  }

  @Test
  void closeEndsRetiredLoopsToo() {
    SessionLoops loops = new SessionLoops(timer);
    EventLoopGroup first = loops.next();
    EventLoopGroup second = first;
    while (second == first) {
      second = loops.next();
    }
    loops.close();
    Awaitility.await().until(first::isTerminated);
    Awaitility.await().until(second::isTerminated);
  }
}

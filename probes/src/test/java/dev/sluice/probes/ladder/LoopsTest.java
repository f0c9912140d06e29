package dev.sluice.probes.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gates.BlockingCalls;
import org.junit.jupiter.api.Test;

/** No thread of the ladders may wait, save those that are there for it. */
class LoopsTest {
  @Test
  void aBlockedThreadIsCaught() {
    try (ProbeResources resources = ProbeResources.create()) {
      assertThat(BlockingCalls.stop(resources.loops())).as("loop").isTrue();
      assertThat(BlockingCalls.stop(resources.sessions().next())).as("session").isTrue();
      assertThat(BlockingCalls.stop(resources.timer()::schedule)).as("timer").isTrue();
      assertThat(BlockingCalls.stop(resources.blocking())).as("elastic").isFalse();
    }
  }
}

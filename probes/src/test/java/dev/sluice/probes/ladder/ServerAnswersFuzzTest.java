package dev.sluice.probes.ladder;

import dev.sluice.fuzz.Fuzzing;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ServerAnswersFuzzTest {
  @Test
  void whatWasFoundOnce() throws Exception {
    Fuzzing.kept(ServerAnswersFuzz.class);
  }

  @Test
  @Tag("fuzz")
  void whateverIsTried() throws Exception {
    Fuzzing.fresh(ServerAnswersFuzz.class);
  }
}

package dev.sluice.fallback.store;

import dev.sluice.fallback.cache.CacheFieldsFuzz;
import dev.sluice.fuzz.Fuzzing;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FallbackFuzzTest {
  @ParameterizedTest
  @ValueSource(classes = {CacheFieldsFuzz.class, RecordsFuzz.class})
  void whatWasFoundOnce(Class<?> target) throws Exception {
    Fuzzing.kept(target);
  }

  @ParameterizedTest
  @ValueSource(classes = {CacheFieldsFuzz.class, RecordsFuzz.class})
  @Tag("fuzz")
  void whateverIsTried(Class<?> target) throws Exception {
    Fuzzing.fresh(target);
  }
}

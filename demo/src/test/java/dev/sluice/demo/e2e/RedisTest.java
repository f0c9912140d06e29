package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.demo.redis.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Redis, diagnosed. */
@Timeout(90)
class RedisTest {
  @TempDir Path folder;

  private int diagnosed(String url) throws IOException {
    Path routes =
        Files.writeString(
            folder.resolve("routes.yaml"),
            """
            dependencies:
              - { id: sessions, type: redis, url: "%s" }
            backends:
              - { id: shop, url: "http://127.0.0.1:9", depends-on: [sessions] }
            """
                .formatted(url));
    return DiagnoseProcess.run(routes, "sessions");
  }

  @Test
  void aLoginThatIsDemandedIsMadeOrMissed() throws IOException {
    try (EmbeddedRedis redis = EmbeddedRedis.start()) {
      String address = "127.0.0.1:" + redis.port();
      redis.demand("open-sesame");
      assertThat(diagnosed("redis://:open-sesame@" + address)).isZero();
      assertThat(diagnosed("redis://:wrong@" + address)).isEqualTo(10);
    }
  }
}

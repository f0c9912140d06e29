package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** What the Dockerfile builds, built in a bare root folder, started there and asked. */
@Isolated("it looks at how long a start takes")
@Tag("root")
@Timeout(240)
class ImageCheckTest {
  @Test
  void theImageStartsNotAsRootOnAReadOnlyRootAndEndsInTime() throws IOException {
    assertThat(Path.of("../gateway/target/sluice.jar")).exists();
    Process check = new ProcessBuilder("../deploy/image-check").redirectErrorStream(true).start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.println(said);
    assertThat(said).contains("first answer of the backend after").contains("ended with 0 after");
    assertThat(check.onExit().join().exitValue()).as(said).isZero();
  }
}

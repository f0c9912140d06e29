package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Long values and many routes cost neither the stack nor minutes. */
class LongInputTest {
  private static final Pattern VALUE = Pattern.compile("(?<=: )[^\\s,{}\\[\\]]++");
  private static final List<String> BITS =
      List.of("/a", "a.", "1", "a ", "/*", "%41", "${A:a}", "header(", "limit ", "group ", "::");

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void noValueIsTooLongToBeRefused() throws IOException {
    String good = Files.readString(Path.of("src/test/resources/good/complete.yaml"));
    Matcher value = VALUE.matcher(good);
    for (int i = 0; value.find(); i++) {
      String bit = BITS.get(i % BITS.size());
      for (String prefix : List.of("", "/", "sqlite:", "postgres://u@", "http://", "tcp://")) {
        String text = prefix + bit.repeat(60_000 / bit.length());
        load(good.substring(0, value.start()) + '"' + text + '"' + good.substring(value.end()));
      }
    }
  }

  @Test
  void aBaseOfManySegmentsIsAProblem() throws IOException {
    assertThat(load("health: { base: " + "/a".repeat(100_000) + " }").errors())
        .singleElement()
        .satisfies(p -> assertThat(p.message()).startsWith("base must be a plain path"));
  }

  private LoadResult load(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("f.yaml"), text);
    return ConfigurationLoader.load(List.of(file), name -> null);
  }

  @Test
  @Timeout(60)
  void fiftyThousandRoutesAreReadInSeconds() throws IOException {
    List<Path> files = new ArrayList<>();
    for (int file = 0; file < 5; file++) {
      StringBuilder text = new StringBuilder("routes:\n");
      for (int i = 0; i < 10_000; i++) {
        String id = "r" + file + "-" + i;
        text.append(" - { id: ").append(id).append(", match: { path: /").append(id);
        text.append(" }, backend: b }\n");
      }
      files.add(Files.writeString(folder.resolve(file + ".yaml"), text));
    }
    files.add(
        Files.writeString(folder.resolve("b.yaml"), "backends: [{id: b, url: 'http://h:1'}]"));

    assertThat(ConfigurationLoader.load(files, name -> null).problems()).isEmpty();
  }
}

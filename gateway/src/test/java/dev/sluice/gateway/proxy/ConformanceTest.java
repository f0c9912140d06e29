package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every case of the files under {@code conformance}, sent whole and in pieces. */
final class ConformanceTest {
  private static final long SEED = Long.getLong("sluice.seed", 20_260_726L);
  private static final int SPLITS = 2;
  private static ConformanceRig rig;

  @BeforeAll
  static void start() throws IOException {
    rig = new ConformanceRig();
  }

  @AfterAll
  static void stop() throws IOException {
    rig.close();
  }

  @Test
  void theSuiteIsLargeAndItsNamesAreUnique() throws IOException {
    List<ConformanceCase> all = ConformanceFile.all();
    assertThat(all).hasSizeGreaterThanOrEqualTo(250);
    assertThat(all.stream().map(ConformanceCase::toString)).doesNotHaveDuplicates();
  }

  @Test
  void whatCannotBeParsedFails() {
    for (String bad :
        List.of(
            "== a\nrfc 9112 3\n> GET / HTTP/1.1\nanswer 200",
            "== a\n> GET / HTTP/1.1\nrefused 400",
            "== a\nrfc 9112 3\nrefused 400",
            "== a\nrfc nine 3\n> x\nrefused 400",
            "== a\nrfc 9112 3\n> \\q\nrefused 400",
            "== a\nrfc 9112 3\n> x\nwhatever\nrefused 400",
            "== a\nrfc 9112 3\n> x\n< y\nrefused 400")) {
      assertThatThrownBy(() -> ConformanceFile.parse("bad", List.of(bad.split("\n"))))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @TestFactory
  Stream<DynamicTest> whole() throws IOException {
    return tests((client, bytes) -> client.send(bytes));
  }

  @TestFactory
  Stream<DynamicTest> byteByByte() throws IOException {
    return tests(
        (client, bytes) -> {
          int single = Math.min(bytes.length(), 400);
          for (int i = 0; i < single; i++) {
            client.send(bytes.substring(i, i + 1));
          }
          client.send(bytes.substring(single));
        });
  }

  @TestFactory
  Stream<DynamicTest> inTwoParts() throws IOException {
    Random random = new Random(SEED);
    return ConformanceFile.all().stream()
        .map(
            test ->
                DynamicTest.dynamicTest(
                    test + " seed " + SEED,
                    () -> {
                      for (int i = 0; i < SPLITS; i++) {
                        int at = random.nextInt(test.sent().length() + 1);
                        rig.run(test, (client, bytes) -> split(client, bytes, at));
                      }
                    }));
  }

  @Tag("fuzz")
  @TestFactory
  Stream<DynamicTest> inTwoPartsEverywhere() throws IOException {
    return ConformanceFile.all().stream()
        .map(
            test ->
                DynamicTest.dynamicTest(
                    test.toString(),
                    () -> {
                      for (int i = 1; i < test.sent().length(); i++) {
                        int at = i;
                        rig.run(test, (client, bytes) -> split(client, bytes, at));
                      }
                    }));
  }

  private static Stream<DynamicTest> tests(ConformanceRig.Sending sending) throws IOException {
    return ConformanceFile.all().stream()
        .map(test -> DynamicTest.dynamicTest(test.toString(), () -> rig.run(test, sending)));
  }

  private static void split(WireClient client, String bytes, int at) throws IOException {
    int place = Math.min(at, bytes.length());
    client.send(bytes.substring(0, place));
    client.send(bytes.substring(place));
  }
}

package dev.sluice.gateway.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.proxy.ConformanceCase;
import dev.sluice.gateway.proxy.ConformanceFile;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** However bytes arrive, they are read alike: whole, byte by byte, split anywhere. */
final class DecoderSplitsTest {
  private static final long SEED = Long.getLong("sluice.seed", 20_260_726L);
  private static final int INPUTS = 20_000;
  private static final int LONG = 700;
  private static final Limits LIMITS = new Limits(1024, 2048);

  private static List<String> requests() throws IOException {
    return ConformanceFile.all().stream().map(ConformanceCase::sent).toList();
  }

  private static List<String> responses() throws IOException {
    return ConformanceFile.all().stream().flatMap(c -> c.replied().stream()).distinct().toList();
  }

  private static MessageDecoder requestDecoder() {
    return new RequestDecoder(LIMITS, () -> false);
  }

  private static MessageDecoder responseDecoder() {
    return new ResponseDecoder(LIMITS, () -> false, () -> true);
  }

  private static Fed same(Supplier<MessageDecoder> decoder, String bytes, Fed whole, int... ends) {
    Fed fed = Fed.of(decoder.get(), bytes, ends);
    assertThat(fed.events).as(described(bytes)).isEqualTo(whole.events);
    assertThat(fed.leaked).as(described(bytes)).isZero();
    return fed;
  }

  private static String described(String bytes) {
    return "seed " + SEED + ": " + bytes.replace("\r", "\\r").replace("\n", "\\n");
  }

  private static void everySplit(Supplier<MessageDecoder> decoder, List<String> inputs) {
    for (String bytes : inputs) {
      Fed whole = Fed.of(decoder.get(), bytes);
      assertThat(whole.leaked).isZero();
      if (bytes.length() < 5000) {
        same(decoder, bytes, whole, Fed.everywhere(bytes));
      }
      int step = 1 + bytes.length() / LONG;
      for (int at = 1; at < bytes.length(); at += step) {
        same(decoder, bytes, whole, at);
      }
    }
  }

  private static void mutated(Supplier<MessageDecoder> decoder, List<String> seeds) {
    Mutations mutations = new Mutations(seeds, SEED);
    for (int i = 0; i < INPUTS; i++) {
      String bytes = mutations.next();
      Fed whole = Fed.of(decoder.get(), bytes);
      assertThat(whole.leaked).as(described(bytes)).isZero();
      same(decoder, bytes, whole, Fed.everywhere(bytes));
      same(decoder, bytes, whole, mutations.ends(bytes));
    }
  }

  @Test
  void everyRequestOfTheSuiteIsReadAlikeSplitAnywhere() throws IOException {
    everySplit(DecoderSplitsTest::requestDecoder, requests());
  }

  @Test
  void everyAnswerOfTheSuiteIsReadAlikeSplitAnywhere() throws IOException {
    everySplit(DecoderSplitsTest::responseDecoder, responses());
  }

  @Test
  void mutatedRequestsAreReadAlikeSplitAnywhere() throws IOException {
    mutated(DecoderSplitsTest::requestDecoder, requests());
  }

  @Test
  void mutatedAnswersAreReadAlikeSplitAnywhere() throws IOException {
    mutated(DecoderSplitsTest::responseDecoder, responses());
  }

  /** Whatever is accepted here, another reader frames alike. */
  @Test
  void nettyFramesAlikeWhatIsAccepted() throws IOException {
    List<String> seeds =
        ConformanceFile.all().stream()
            .filter(test -> !test.refused())
            .map(ConformanceCase::sent)
            .toList();
    Mutations mutations = new Mutations(seeds, SEED + 1);
    int accepted = 0;
    for (int i = 0; i < INPUTS + seeds.size(); i++) {
      String bytes = i < seeds.size() ? seeds.get(i) : mutations.next();
      List<String> own = Fed.of(requestDecoder(), bytes).whole;
      List<String> theirs = Fed.of(new HttpRequestDecoder(2048, 4096, 8192), bytes).whole;
      assertThat(theirs).as(described(bytes)).hasSizeGreaterThanOrEqualTo(own.size());
      assertThat(theirs.subList(0, own.size())).as(described(bytes)).isEqualTo(own);
      accepted += own.size();
    }
    assertThat(accepted).isGreaterThan(INPUTS / 10);
  }
}

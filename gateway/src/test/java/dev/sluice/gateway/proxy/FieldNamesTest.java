package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class FieldNamesTest {
  private static List<CharSequence> spellings(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return List.of(name, upper, new AsciiString(name), new AsciiString(upper));
  }

  @Test
  void namesAreKnownInAnyCase() {
    for (CharSequence name : spellings("proxy-authorization")) {
      assertThat(FieldNames.of(name).hopByHop()).as(name.toString()).isTrue();
    }
    for (CharSequence name : spellings("sluice-mode")) {
      assertThat(FieldNames.of(name).own()).as(name.toString()).isTrue();
      assertThat(FieldNames.of(name).madeAnew()).isTrue();
    }
    for (CharSequence name : spellings("x-forwarded-anything")) {
      assertThat(FieldNames.of(name).madeAnew()).as(name.toString()).isTrue();
      assertThat(FieldNames.of(name).own()).isFalse();
    }
    for (CharSequence name : spellings("idempotency-key")) {
      assertThat(FieldNames.of(name).forAll()).as(name.toString()).isTrue();
      assertThat(FieldNames.of(name).early()).isTrue();
    }
    for (CharSequence name : spellings("x-goog-anything")) {
      assertThat(FieldNames.of(name).early()).as(name.toString()).isTrue();
      assertThat(FieldNames.of(name).madeAnew()).isFalse();
    }
  }

  @Test
  void otherNamesHaveNoTraits() {
    var none = new FieldNames.Traits(false, false, false, false, false);
    for (String name :
        List.of("x", "sluice", "sluicegate", "accept", "x-forwarded", "x-goo", "te2", "x-google")) {
      for (CharSequence each : spellings(name)) {
        assertThat(FieldNames.of(each)).as(name).isEqualTo(none);
      }
    }
  }
}

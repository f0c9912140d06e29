package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceContextTest {
  private static final String ID = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String REQUEST = "00112233445566778899aabbccddeeff";

  private static TraceContext of(String name, String value) {
    return TraceContext.of(new DefaultHttpHeaders().add(name, value), REQUEST);
  }

  private static HttpHeaders written(TraceContext trace, HttpHeaders from) {
    HttpHeaders to = new DefaultHttpHeaders();
    trace.write(from, to);
    return to;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-" + ID + "-" + SPAN + "-00",
        "00-" + ID + "-" + SPAN + "-ff",
        "01-" + ID + "-" + SPAN + "-01",
        "cc-" + ID + "-" + SPAN + "-01-what-the-future-will-be-like",
      })
  void aValidParentIsForwardedAsItCame(String given) {
    TraceContext trace = of("traceparent", given);
    assertThat(trace.parent()).hasToString(given);
    assertThat(trace.traceId()).isEqualTo(ID);
    HttpHeaders from = new DefaultHttpHeaders().add("tracestate", "a=1");
    assertThat(written(trace, from).get("tracestate")).isEqualTo("a=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-1-2-01",
        "ff-" + ID + "-" + SPAN + "-01",
        "0-" + ID + "-" + SPAN + "-001",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + ID + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
        "00-" + ID + "-" + SPAN + "-0",
        "00-" + ID + "-" + SPAN + "-0g",
        "00-" + ID + "-" + SPAN + "-01-more",
        "01-" + ID + "-" + SPAN + "-01more",
        "00_" + ID + "-" + SPAN + "-01",
        "00-" + ID + "_" + SPAN + "-01",
        "00-" + ID + "-" + SPAN + "_01",
        "0x-" + ID + "-" + SPAN + "-01",
      })
  void anInvalidOneIsReplacedAndItsStateDropped(String given) {
    TraceContext trace = of("traceparent", given);
    assertThat(trace.traceId()).isEqualTo(REQUEST);
    assertThat(trace.parent().toString()).matches("00-" + REQUEST + "-[0-9a-f]{16}-00");
    HttpHeaders from = new DefaultHttpHeaders().add("tracestate", "a=1");
    assertThat(written(trace, from).contains("tracestate")).isFalse();
  }

  @Test
  void anEndlessOneOfALaterVersionIsReplaced() {
    String given = "01-" + ID + "-" + SPAN + "-01-" + "x".repeat(1000);
    assertThat(of("traceparent", given).traceId()).isEqualTo(REQUEST);
  }

  @Test
  void severalParentsAreNone() {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.add("traceparent", "00-" + ID + "-" + SPAN + "-01");
    headers.add("traceparent", "00-" + ID + "-" + SPAN + "-01");
    assertThat(TraceContext.of(headers, REQUEST).traceId()).isEqualTo(REQUEST);
  }

  @Test
  void aRequestIdThatIsNoTraceIdIsNotMadeOne() {
    String zero = "0".repeat(32);
    for (String id : new String[] {"mine", zero, REQUEST.toUpperCase(java.util.Locale.ROOT)}) {
      String made = TraceContext.of(new DefaultHttpHeaders(), id).traceId();
      assertThat(made).matches("[0-9a-f]{32}").isNotEqualTo(id).isNotEqualTo(zero);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0af7651916cd43dd8448eb211c80319c/1;o=1,0000000000000001-01",
    "0AF7651916CD43DD8448EB211C80319C/10;o=0,000000000000000a-00",
    "0af7651916cd43dd8448eb211c80319c/18446744073709551615,ffffffffffffffff-00",
    "0af7651916cd43dd8448eb211c80319c,[0-9a-f]{16}-00",
    "0af7651916cd43dd8448eb211c80319c;o=1,[0-9a-f]{16}-01",
  })
  void thePlatformsOwnFormIsTranslated(String cloud, String expected) {
    TraceContext trace = of("X-Cloud-Trace-Context", cloud);
    assertThat(trace.parent().toString()).matches("00-" + ID + "-" + expected);
    assertThat(trace.traceId()).isEqualTo(ID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0af7651916cd43dd8448eb211c80319",
        "00000000000000000000000000000000/1;o=1",
        "0af7651916cd43dd8448eb211c80319c/",
        "0af7651916cd43dd8448eb211c80319c/0;o=1",
        "0af7651916cd43dd8448eb211c80319c/18446744073709551616",
        "0af7651916cd43dd8448eb211c80319c/-1",
        "0af7651916cd43dd8448eb211c80319c/+1",
        "0af7651916cd43dd8448eb211c80319c/a;o=1",
        "0af7651916cd43dd8448eb211c80319c/1;o=2",
        "0af7651916cd43dd8448eb211c80319c/1;o=",
        "0af7651916cd43dd8448eb211c80319cc/1",
        "0af7651916cd43dd8448eb211c80319c 1",
        "zaf7651916cd43dd8448eb211c80319c/1",
      })
  void whatIsNotOfThatFormIsPassedOver(String cloud) {
    assertThat(of("X-Cloud-Trace-Context", cloud).traceId()).isEqualTo(REQUEST);
  }

  @Test
  void aValidParentPrevailsOverThePlatforms() {
    HttpHeaders headers = new DefaultHttpHeaders().add("X-Cloud-Trace-Context", REQUEST + "/1");
    headers.add("traceparent", "00-" + ID + "-" + SPAN + "-01");
    assertThat(TraceContext.of(headers, REQUEST).traceId()).isEqualTo(ID);
  }
}

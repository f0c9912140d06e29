package dev.sluice.probes.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.probes.verdict.Signal;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisWireTest {
  private static String reply(String bytes) throws RungFailure {
    return RedisWire.reply(Unpooled.copiedBuffer(bytes, StandardCharsets.UTF_8));
  }

  @Test
  void commandsAreArraysOfBulkStringsByTheirBytes() {
    assertThat(new String(RedisWire.command("AUTH", "pässword"), StandardCharsets.UTF_8))
        .isEqualTo("*2\r\n$4\r\nAUTH\r\n$9\r\npässword\r\n");
  }

  @Test
  void aReplyIsReadOnceItIsWhole() throws RungFailure {
    assertThat(reply("+PO")).isNull();
    assertThat(reply("+PONG\r\n")).isEqualTo("PONG");
  }

  @ParameterizedTest
  @CsvSource({
    "-NOAUTH Authentication required., login-refused",
    "-WRONGPASS invalid username-password pair, login-refused",
    "-ERR invalid password, login-refused",
    "-ERR AUTH <password> called without any password configured, login-refused",
    "-DENIED Redis is running in protected mode, client-refused",
    "-LOADING Redis is loading the dataset in memory, starting",
    "-ERR max number of clients reached, no-slot",
    "HTTP/1.1 400 Bad Request, not-redis"
  })
  void refusalsAreToldByTheirSignal(String line, String signal) {
    assertThatThrownBy(() -> reply(line + "\r\n"))
        .isInstanceOfSatisfying(
            RungFailure.class, failure -> assertThat(failure.signal()).isEqualTo(signal));
  }

  @Test
  void anErrorThatIsNotKnownIsToldInItsWords() {
    assertThatThrownBy(() -> reply("-MISCONF cannot write\r\n"))
        .isInstanceOfSatisfying(
            RungFailure.class,
            failure -> {
              assertThat(failure.signal()).isNull();
              assertThat(failure.text()).isEqualTo("MISCONF cannot write");
            });
  }

  @Test
  void aLineWithoutAnEndIsNoRedis() {
    assertThatThrownBy(() -> reply("x".repeat(600)))
        .isInstanceOfSatisfying(
            RungFailure.class, failure -> assertThat(failure.signal()).isEqualTo(Signal.NOT_REDIS));
  }
}

package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Signal;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Commands and one-line replies of Redis' protocol, as bytes. Pure. See "Redis serialization
 * protocol specification", sections on arrays, simple strings and simple errors.
 */
final class RedisWire {
  private static final int LONGEST = 512;

  private RedisWire() {}

  static byte[] command(String... words) {
    StringBuilder text = new StringBuilder().append('*').append(words.length).append("\r\n");
    for (String word : words) {
      int length = word.getBytes(StandardCharsets.UTF_8).length;
      text.append('$').append(length).append("\r\n").append(word).append("\r\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A simple string; an error is a failure by its first word. */
  static @Nullable String reply(ByteBuf in) throws RungFailure {
    int end = in.bytesBefore((byte) '\n');
    if (end < 0 && in.readableBytes() <= LONGEST) {
      return null;
    }
    String line =
        in.readCharSequence(Math.min(LONGEST, end < 0 ? LONGEST : end), StandardCharsets.UTF_8)
            .toString()
            .strip();
    if (line.startsWith("-")) {
      throw refused(line.substring(1));
    }
    if (!line.startsWith("+")) {
      throw RungFailure.signal(Signal.NOT_REDIS, "The answer is not Redis' protocol.");
    }
    return line.substring(1);
  }

  private static RungFailure refused(String error) {
    String word = error.split(" ", 2)[0];
    String text = error.toLowerCase(Locale.ROOT);
    boolean login =
        word.equals("NOAUTH") || word.equals("WRONGPASS") || text.contains("invalid password");
    if (login || text.contains("without any password configured")) {
      return RungFailure.signal(Signal.LOGIN_REFUSED, error);
    }
    if (word.equals("DENIED")) {
      return RungFailure.signal(Signal.CLIENT_REFUSED, error);
    }
    if (word.equals("LOADING") || word.equals("MASTERDOWN")) {
      return RungFailure.signal(Signal.STARTING, error);
    }
    return text.contains("max number of clients")
        ? RungFailure.signal(Signal.NO_SLOT, error)
        : RungFailure.unspecific(error);
  }
}

package dev.sluice.probes.ladder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;

/** What a server says to a rung: read or refused, and the same however it comes in pieces. */
public final class ServerAnswersFuzz {
  private ServerAnswersFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    same(input, PostgresWire::sslAnswer);
    same(input, in -> PostgresWire.greeting(in));
    same(input, RedisWire::reply);
  }

  private static void same(byte[] input, Reader.Parser<?> parser) {
    String whole = said(input, parser);
    for (int length = 0; length < input.length; length++) {
      String part = said(java.util.Arrays.copyOf(input, length), parser);
      if (!part.equals("more")) {
        if (!part.equals(whole) && !plainBytes(whole)) {
          throw new AssertionError("first " + part + " after " + length + " bytes, then " + whole);
        }
        return;
      }
    }
  }

  /** That more came behind an S can be told only once it has come. */
  private static boolean plainBytes(String said) {
    return said.contains("plain bytes before the TLS handshake");
  }

  private static String said(byte[] input, Reader.Parser<?> parser) {
    ByteBuf in = Unpooled.wrappedBuffer(input);
    try {
      return Objects.requireNonNullElse(parser.parse(in), "more").toString();
    } catch (RungFailure refused) {
      return "refused: " + refused.getMessage();
    } finally {
      in.release();
    }
  }
}

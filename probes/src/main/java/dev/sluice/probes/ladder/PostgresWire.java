package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Signal;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The first two exchanges of PostgreSQL's protocol 3.0: SSLRequest and StartupMessage, as bytes.
 * Pure. See "Message Formats" in PostgreSQL's manual.
 */
final class PostgresWire {
  private static final int SSL_REQUEST = 80877103;
  private static final int PROTOCOL_3_0 = 196608;

  /** No message before authentication is longer. */
  private static final int LONGEST = 16 * 1024;

  private PostgresWire() {}

  /** What the server said to the StartupMessage; a refusal is its ErrorResponse. */
  record Greeting(@Nullable RungFailure refusal) {
    static final Greeting WELCOME = new Greeting(null);
  }

  static byte[] sslRequest() {
    return ByteBuffer.allocate(8).putInt(8).putInt(SSL_REQUEST).array();
  }

  static byte[] startup(String user, String database) {
    ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    for (String text : new String[] {"user", user, "database", database}) {
      pairs.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      pairs.write(0);
    }
    pairs.write(0);
    int length = 8 + pairs.size();
    return ByteBuffer.allocate(length)
        .putInt(length)
        .putInt(PROTOCOL_3_0)
        .put(pairs.toByteArray())
        .array();
  }

  /** The one byte that answers an SSLRequest: true for S, false for N. */
  static @Nullable Boolean sslAnswer(ByteBuf in) throws RungFailure {
    if (!in.isReadable()) {
      return null;
    }
    byte answer = in.getByte(in.readerIndex());
    return switch (answer) {
      case 'S' -> offered(in);
      case 'N' -> Boolean.FALSE;
      case 'E' -> refused(in);
      default -> throw foreign();
    };
  }

  /** The first decisive message after a StartupMessage. */
  static @Nullable Greeting greeting(ByteBuf in) throws RungFailure {
    while (in.readableBytes() >= 5) {
      byte type = in.readByte();
      int length = in.readInt();
      if (length < 4 || length > LONGEST) {
        throw foreign();
      }
      if (type == 'R') {
        return Greeting.WELCOME;
      } else if (in.readableBytes() < length - 4) {
        return null;
      } else if (type == 'E') {
        return new Greeting(error(in.readSlice(length - 4)));
      } else if (type != 'N' && type != 'v') {
        throw foreign();
      }
      in.skipBytes(length - 4);
    }
    return null;
  }

  /** Bytes after S would be read as if they were encrypted: nobody honest sends them. */
  private static Boolean offered(ByteBuf in) throws RungFailure {
    if (in.readableBytes() > 1) {
      throw RungFailure.signal(
          Signal.HANDSHAKE, "The server sent plain bytes before the TLS handshake.");
    }
    return Boolean.TRUE;
  }

  private static @Nullable Boolean refused(ByteBuf in) throws RungFailure {
    Greeting greeting = greeting(in);
    if (greeting != null && greeting.refusal() != null) {
      throw greeting.refusal();
    }
    return null;
  }

  private static RungFailure error(ByteBuf fields) {
    String state = "";
    String message = "";
    String severity = "";
    while (fields.isReadable()) {
      byte field = fields.readByte();
      int end = fields.bytesBefore((byte) 0);
      if (field == 0 || end < 0) {
        break;
      }
      String value = fields.readCharSequence(end, StandardCharsets.UTF_8).toString();
      fields.skipBytes(1);
      switch (field) {
        case 'C' -> state = value;
        case 'M' -> message = value;
        case 'V' -> severity = value;
        case 'S' -> severity = severity.isEmpty() ? value : severity;
        default -> {}
      }
    }
    return RungFailure.server(state, severity + ": " + message);
  }

  private static RungFailure foreign() {
    return RungFailure.signal(Signal.NOT_POSTGRES, "The answer is not PostgreSQL's protocol.");
  }
}

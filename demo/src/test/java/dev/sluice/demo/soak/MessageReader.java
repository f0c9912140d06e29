package dev.sluice.demo.soak;

import dev.sluice.demo.soak.Plan.Framing;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1 from a socket, strictly, and shares no line with the gateway. */
final class MessageReader {
  private static final int MAX_LINE = 64 * 1024;

  private final InputStream in;
  private boolean begun;

  MessageReader(InputStream in) {
    this.in = in;
  }

  /** Bytes that are no HTTP. */
  static final class Garbled extends IOException {
    Garbled(String message) {
      super(message);
    }
  }

  /** Takes a body piece by piece. */
  interface Sink {
    void update(byte[] bytes, int from, int length);
  }

  /** Start line and fields, with names in lower case. */
  record Head(String line, List<String[]> fields) {
    @Nullable String field(String name) throws Garbled {
      String found = null;
      for (String[] field : fields) {
        if (field[0].equals(name)) {
          if (found != null) {
            throw new Garbled("two lines of " + name + " in " + line);
          }
          found = field[1];
        }
      }
      return found;
    }

    boolean has(String name, String value) throws Garbled {
      String found = field(name);
      return found != null && found.equalsIgnoreCase(value);
    }
  }

  /** Whether bytes of the message that is read now have come. */
  boolean begun() {
    return begun;
  }

  /** The next head; null where the connection ended properly before it. */
  @Nullable Head head() throws IOException {
    begun = false;
    int first = in.read();
    if (first < 0) {
      return null;
    }
    begun = true;
    String line = (char) first + line();
    return new Head(line, fields());
  }

  private List<String[]> fields() throws IOException {
    List<String[]> fields = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new Garbled("no field: " + line);
      }
      fields.add(
          new String[] {
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip()
          });
    }
    return fields;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int last = 0;
    for (int b = next(); last != '\r' || b != '\n'; b = next()) {
      line.write(b);
      last = b;
      if (line.size() > MAX_LINE) {
        throw new Garbled("a line without an end");
      }
    }
    String text = line.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
    return text.substring(0, text.length() - 1);
  }

  private int next() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException("cut");
    }
    return b;
  }

  /** How a message says that its body is framed; {@code UNTIL_CLOSE} where it says nothing. */
  static Framing framing(Head head) throws Garbled {
    String length = head.field("content-length");
    String coding = head.field("transfer-encoding");
    if (length != null && coding != null) {
      throw new Garbled("framed twice: " + head.line);
    }
    if (coding != null && !coding.equalsIgnoreCase("chunked")) {
      throw new Garbled("coding " + coding);
    }
    return coding != null ? Framing.CHUNKED : length != null ? Framing.FIXED : Framing.UNTIL_CLOSE;
  }

  /**
   * Reads a body to its end.
   *
   * @return the trailer that the exchange's id travels in, or null
   */
  @Nullable String body(Head head, Framing framing, Sink into) throws IOException {
    switch (framing) {
      case NONE -> {}
      case FIXED -> exactly(Long.parseLong(head.field("content-length")), into);
      case UNTIL_CLOSE -> untilClose(into);
      case CHUNKED -> {
        return chunks(into);
      }
    }
    return null;
  }

  private void untilClose(Sink into) throws IOException {
    byte[] piece = new byte[8192];
    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
      into.update(piece, 0, n);
    }
  }

  private void exactly(long length, Sink into) throws IOException {
    byte[] piece = new byte[8192];
    for (long left = length; left > 0; ) {
      int n = in.read(piece, 0, (int) Math.min(piece.length, left));
      if (n < 0) {
        throw new EOFException("cut with " + left + " bytes to come");
      }
      into.update(piece, 0, n);
      left -= n;
    }
  }

  private @Nullable String chunks(Sink into) throws IOException {
    for (long size = size(); size > 0; size = size()) {
      exactly(size, into);
      if (!line().isEmpty()) {
        throw new Garbled("a chunk does not end where it should");
      }
    }
    return new Head("trailers", fields()).field("soak-trailer");
  }

  private long size() throws IOException {
    String line = line();
    int end = line.indexOf(';');
    try {
      return Long.parseUnsignedLong(end < 0 ? line : line.substring(0, end), 16);
    } catch (NumberFormatException e) {
      throw new Garbled("a chunk of size " + line);
    }
  }
}

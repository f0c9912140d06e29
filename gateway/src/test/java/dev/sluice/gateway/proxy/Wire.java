package dev.sluice.gateway.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads HTTP/1.1 from a socket without tidying anything. */
final class Wire {
  private Wire() {}

  /** A head without its empty line; the empty string at the end of the stream. */
  static String head(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int last = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      bytes.write(b);
      last = (last << 8) | b;
      if (last == 0x0d0a0d0a) {
        String head = bytes.toString(StandardCharsets.ISO_8859_1);
        return head.substring(0, head.length() - 4);
      }
    }
    if (bytes.size() > 0) {
      throw new EOFException("cut in the head: " + bytes);
    }
    return "";
  }

  static byte[] body(String length, String coding, InputStream in) throws IOException {
    if (coding != null) {
      return chunks(in);
    }
    return length == null ? new byte[0] : exactly(in, Integer.parseInt(length));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = line(in);
      int size = Integer.parseInt(line.strip(), 16);
      body.writeBytes(exactly(in, size));
      String end = line(in);
      if (!end.isEmpty()) {
        throw new IOException("bad chunk end: " + end);
      }
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  static byte[] exactly(InputStream in, int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("cut in the body after " + bytes.length + " of " + size);
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("cut in a line");
      }
      if (b != '\r') {
        bytes.write(b);
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }
}

package dev.sluice.gateway.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads what the gateway sends, strictly: it is to send nothing that needs tolerance. */
final class ConformanceMessage {
  private ConformanceMessage() {}

  /** A whole message. */
  record Message(String line, List<String> fields, String body, List<String> trailers) {
    String field(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return fields.stream()
          .filter(f -> f.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(f -> f.substring(prefix.length()).trim())
          .reduce((a, b) -> a + " | " + b)
          .orElse(null);
    }
  }

  /** An answer; without a length its body ends with the connection. */
  static Message answer(InputStream in, boolean bodiless) throws IOException {
    String head = Wire.head(in);
    if (head.isEmpty()) {
      throw new EOFException("closed without an answer");
    }
    Message message = head(head);
    int status = Integer.parseInt(message.line.substring(9, 12));
    if (bodiless || status < 200 || status == 204 || status == 304) {
      return message;
    }
    boolean framed =
        message.field("content-length") != null || message.field("transfer-encoding") != null;
    return framed
        ? whole(message, in)
        : new Message(message.line, message.fields, rest(in), List.of());
  }

  static Message head(String head) throws IOException {
    List<String> lines = List.of(head.split("\r\n", -1));
    for (String line : lines) {
      if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0 || line.startsWith(" ")) {
        throw new IOException("a line that is none: " + head);
      }
    }
    return new Message(lines.get(0), lines.subList(1, lines.size()), "", List.of());
  }

  /** The body as its head says. */
  static Message whole(Message head, InputStream in) throws IOException {
    String length = head.field("content-length");
    String coding = head.field("transfer-encoding");
    if (length != null && coding != null) {
      throw new IOException("two lengths: " + head);
    }
    if (coding == null) {
      String body = length == null ? "" : text(Wire.exactly(in, Integer.parseInt(length)));
      return new Message(head.line, head.fields, body, List.of());
    }
    if (!coding.equals("chunked")) {
      throw new IOException("a coding that is none: " + coding);
    }
    return chunked(head, in);
  }

  private static Message chunked(Message head, InputStream in) throws IOException {
    StringBuilder body = new StringBuilder();
    for (int size = size(in); size > 0; size = size(in)) {
      body.append(text(Wire.exactly(in, size)));
      if (!line(in).isEmpty()) {
        throw new IOException("a chunk is longer than its size");
      }
    }
    List<String> trailers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      trailers.add(line);
    }
    return new Message(head.line, head.fields, body.toString(), trailers);
  }

  private static int size(InputStream in) throws IOException {
    String line = line(in);
    if (!line.matches("[0-9a-fA-F]{1,7}")) {
      throw new IOException("a chunk size that is none: " + line);
    }
    return Integer.parseInt(line, 16);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("cut in a line");
      }
      bytes.write(b);
    }
    String line = text(bytes.toByteArray());
    if (!line.endsWith("\r")) {
      throw new IOException("a line without CRLF: " + line);
    }
    return line.substring(0, line.length() - 1);
  }

  private static String rest(InputStream in) throws IOException {
    return text(in.readAllBytes());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}

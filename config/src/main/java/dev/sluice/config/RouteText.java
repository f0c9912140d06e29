package dev.sluice.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** The bytes of a route file to text that YAML can hold. Blocks on the read. */
final class RouteText {
  private static final int LARGEST = 1 << 20;

  private final Path path;
  private final Problems problems;

  RouteText(Path path, Problems problems) {
    this.path = path;
    this.problems = problems;
  }

  /** Null after a problem. Reads no more than the largest file, and nothing without an end. */
  @Nullable String read() {
    byte[] bytes;
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        return fail(start(), "this is no regular file", "name a file, or a folder of *.yaml");
      }
      try (InputStream in = Files.newInputStream(path)) {
        bytes = in.readNBytes(LARGEST + 1);
      }
    } catch (IOException e) {
      return fail(start(), reason(e), null);
    }
    if (bytes.length > LARGEST) {
      return fail(start(), "the file is larger than " + Quantity.print(LARGEST), "split it");
    }
    String text = decoded(bytes);
    return text == null || !printable(text) ? null : text;
  }

  /** Why a file or folder could not be read. */
  static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission to read it is denied";
    }
    return failure instanceof NoSuchFileException ? "there is no such file" : "it cannot be read";
  }

  private @Nullable String decoded(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    boolean malformed = decoder.decode(in, out, true).isError();
    String text = out.flip().toString();
    if (!malformed) {
      return text;
    }
    return fail(
        after(text),
        "the file is not UTF-8: it has the byte 0x%02x here".formatted(bytes[in.position()]),
        "save it as UTF-8");
  }

  private boolean printable(String text) {
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      if (!StreamReader.isPrintable(text.codePointAt(at))) {
        fail(
            after(text.substring(0, at)),
            "YAML does not allow the character U+%04X here".formatted(text.codePointAt(at)),
            "delete it, or write it as an escape in double quotes");
        return false;
      }
    }
    return true;
  }

  /** The place that follows a text which begins the file. */
  private Place after(String text) {
    int line = (int) text.chars().filter(c -> c == '\n').count() + 1;
    int begin = text.lastIndexOf('\n') + 1;
    return new Place(path.toString(), line, text.codePointCount(begin, text.length()) + 1);
  }

  private Place start() {
    return new Place(path.toString(), 1, 1);
  }

  private @Nullable String fail(Place place, String message, @Nullable String hint) {
    problems.error(place, message, hint);
    return null;
  }
}

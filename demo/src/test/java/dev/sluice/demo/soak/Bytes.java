package dev.sluice.demo.soak;

import dev.sluice.demo.soak.Plan.Framing;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Bodies that nobody could guess, their digests, and their framing. */
final class Bytes {
  private Bytes() {}

  /** The same for the same id. */
  static byte[] body(long id, int length) {
    byte[] body = new byte[length];
    new SplittableRandom(id).nextBytes(body);
    return body;
  }

  /** A digest that counts the exchange in, so that no other exchange's body passes. */
  static MessageDigest digest(long id) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(8).putLong(0, id));
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  static String digest(long id, byte[] body) {
    MessageDigest digest = digest(id);
    digest.update(body);
    return hex(digest);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The field that frames such a body, with its line end. */
  static String field(Plan.Part part) {
    return switch (part.framing()) {
      case FIXED -> "Content-Length: " + part.length() + "\r\n";
      case CHUNKED -> "Transfer-Encoding: chunked\r\n";
      case NONE, UNTIL_CLOSE -> "";
    };
  }

  /** The body as it goes over the wire: chunks of odd sizes and trailers, or as it is. */
  static byte[] framed(Plan plan, Plan.Part part, byte[] body) {
    if (part.framing() != Framing.CHUNKED) {
      return body;
    }
    SplittableRandom random = new SplittableRandom(plan.id() ^ part.chunk());
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + body.length / 4 + 64);
    for (int at = 0; at < body.length; ) {
      int size = Math.min(body.length - at, 1 + random.nextInt(part.chunk()));
      out.writeBytes(ascii(Integer.toHexString(size) + (size % 5 == 0 ? ";odd=1\r\n" : "\r\n")));
      out.write(body, at, size);
      out.writeBytes(ascii("\r\n"));
      at += size;
    }
    out.writeBytes(ascii("0\r\n" + (part.trailers() ? trailer(plan) : "") + "\r\n"));
    return out.toByteArray();
  }

  private static String trailer(Plan plan) {
    return "Soak-Trailer: " + plan.id() + "\r\n";
  }

  static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}

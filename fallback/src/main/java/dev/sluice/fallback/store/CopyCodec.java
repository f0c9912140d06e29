package dev.sluice.fallback.store;

import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.StoredCopy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns copies, and what is void of them, into bytes and back. */
final class CopyCodec {
  private static final int VERSION = 1;

  private CopyCodec() {}

  /**
   * A copy as it lies in the file.
   *
   * @param tag tells it from others under the same key
   */
  record Kept(CopyKey key, String tag, StoredCopy copy) {}

  static byte[] encode(Voided gone) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      text(out, gone.host());
      text(out, gone.target());
      CopyKey key = gone.key();
      out.writeBoolean(key != null);
      if (key != null) {
        text(out, key.routeId());
        text(out, key.principal());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Voided decodeVoided(byte[] bytes) {
    try (DataInputStream in = begun(bytes)) {
      Voided place = Voided.place(text(in), text(in));
      return in.readBoolean()
          ? Voided.entry(new CopyKey(text(in), place.host(), place.target(), text(in)))
          : place;
    } catch (IOException e) {
      throw new DamagedRecord("what is void ends too early");
    }
  }

  private static DataInputStream begun(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    if (in.readByte() != VERSION) {
      throw new DamagedRecord("a copy has an unknown version");
    }
    return in;
  }

  static byte[] encode(Kept kept) {
    StoredCopy copy = kept.copy();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(copy.body().length + 1024);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      text(out, kept.key().routeId());
      text(out, kept.key().host());
      text(out, kept.key().target());
      text(out, kept.key().principal());
      text(out, kept.tag());
      out.writeInt(copy.status());
      out.writeLong(copy.storedAt().toEpochMilli());
      out.writeLong(copy.initialAgeSeconds());
      out.writeBoolean(copy.guessed());
      List<Map.Entry<String, String>> headers = copy.headers();
      out.writeInt(headers.size());
      for (Map.Entry<String, String> line : headers) {
        text(out, line.getKey());
        text(out, line.getValue());
      }
      out.writeInt(copy.body().length);
      out.write(copy.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Kept decode(byte[] bytes) {
    try (DataInputStream in = begun(bytes)) {
      CopyKey key = new CopyKey(text(in), text(in), text(in), text(in));
      String tag = text(in);
      int status = in.readInt();
      Instant storedAt = Instant.ofEpochMilli(in.readLong());
      long age = in.readLong();
      boolean guessed = in.readBoolean();
      int count = in.readInt();
      List<Map.Entry<String, String>> headers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        headers.add(Map.entry(text(in), text(in)));
      }
      byte[] body = block(in);
      return new Kept(key, tag, StoredCopy.of(status, headers, body, storedAt, age, guessed));
    } catch (IOException e) {
      throw new DamagedRecord("a copy ends too early");
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(block(in), StandardCharsets.UTF_8);
  }

  private static byte[] block(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new DamagedRecord("a copy's field has an impossible length");
    }
    return in.readNBytes(length);
  }
}

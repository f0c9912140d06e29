package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.NewWrite;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns writes and their outcomes into bytes and back, each field with its length before it. */
final class RecordCodec {
  private static final int VERSION = 2;

  private RecordCodec() {}

  /** What is known of an attempt's end. */
  record Outcome(@Nullable String error, @Nullable CapturedAnswer answer) {
    static final Outcome NONE = new Outcome(null, null);
  }

  static byte[] encode(NewWrite write) {
    return bytes(
        write.body().length + 1024,
        out -> {
          text(out, write.routeId());
          text(out, write.method());
          text(out, write.target());
          text(out, write.host());
          headers(out, write.headers());
          text(out, write.orderingKey());
          text(out, write.clientKey());
          text(out, write.fingerprint());
          text(out, write.principalHash());
          out.writeLong(write.ttl().toMillis());
          block(out, write.body());
          text(out, write.principal());
        });
  }

  static NewWrite write(byte[] bytes) {
    return parse(
        bytes,
        in -> {
          String routeId = present(in);
          String method = present(in);
          String target = present(in);
          String host = present(in);
          List<Map.Entry<String, String>> headers = headers(in);
          String orderingKey = text(in);
          String clientKey = text(in);
          String fingerprint = present(in);
          String principalHash = present(in);
          Duration ttl = Duration.ofMillis(in.readLong());
          byte[] body = block(in);
          return new NewWrite(
              routeId,
              method,
              target,
              host,
              headers,
              body,
              orderingKey,
              clientKey,
              fingerprint,
              principalHash,
              ttl,
              in.available() == 0 ? null : text(in)); // the first version ends with the body
        });
  }

  static byte[] encode(Outcome outcome) {
    CapturedAnswer answer = outcome.answer();
    return bytes(
        answer == null ? 64 : answer.body().length + 512,
        out -> {
          text(out, outcome.error());
          out.writeBoolean(answer != null);
          if (answer != null) {
            out.writeInt(answer.status());
            headers(out, answer.headers());
            block(out, answer.body());
            out.writeBoolean(answer.whole());
          }
        });
  }

  static Outcome outcome(byte[] bytes) {
    return parse(
        bytes,
        in -> {
          String error = text(in);
          return new Outcome(error, in.readBoolean() ? answer(in) : null);
        });
  }

  private static CapturedAnswer answer(DataInputStream in) throws IOException {
    int status = in.readInt();
    List<Map.Entry<String, String>> headers = headers(in);
    byte[] body = block(in);
    boolean whole = in.available() == 0 || in.readBoolean();
    return new CapturedAnswer(status, headers, body, whole);
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private interface Reading<T> {
    T from(DataInputStream in) throws IOException;
  }

  private static byte[] bytes(int estimate, Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(estimate);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static <T> T parse(byte[] bytes, Reading<T> reading) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version < 1 || version > VERSION) {
        throw new DamagedRecord("a record has the unknown version " + version);
      }
      return reading.from(in);
    } catch (IOException e) {
      throw new DamagedRecord("a record ends too early");
    }
  }

  private static void text(DataOutputStream out, @Nullable String text) throws IOException {
    if (text == null) {
      out.writeInt(-1);
    } else {
      block(out, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static @Nullable String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : new String(exactly(in, length), StandardCharsets.UTF_8);
  }

  private static String present(DataInputStream in) throws IOException {
    String text = text(in);
    if (text == null) {
      throw new DamagedRecord("a record lacks a field");
    }
    return text;
  }

  private static void block(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] block(DataInputStream in) throws IOException {
    return exactly(in, in.readInt());
  }

  private static byte[] exactly(DataInputStream in, int length) throws IOException {
    if (length < 0 || length > in.available()) {
      throw new DamagedRecord("a record's field has an impossible length");
    }
    return in.readNBytes(length);
  }

  private static void headers(DataOutputStream out, List<Map.Entry<String, String>> headers)
      throws IOException {
    out.writeInt(headers.size());
    for (Map.Entry<String, String> header : headers) {
      text(out, header.getKey());
      text(out, header.getValue());
    }
  }

  private static List<Map.Entry<String, String>> headers(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      headers.add(Map.entry(present(in), present(in)));
    }
    return headers;
  }
}

package dev.sluice.fallback.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * Stored copies in gzip (RFC 9110, section 8.4.1.3): each is compressed once, when it is first
 * asked for in this form, and kept as long as the copy and a bound in bytes allow. May be used by
 * any thread.
 */
public final class GzippedCopies {
  /** Bytes of a body that are compressed within some milliseconds. */
  public static final int MOST = 256 * 1024;

  private final Cache<StoredCopy, StoredCopy> twins;

  /**
   * @param bytes that compressed copies take together at most
   */
  public GzippedCopies(long bytes) {
    twins =
        Caffeine.newBuilder()
            .weakKeys()
            .maximumWeight(bytes)
            .weigher((StoredCopy copy, StoredCopy twin) -> (int) twin.weight())
            .executor(Runnable::run)
            .build();
  }

  /**
   * The same answer in gzip, of the same age, its tag a weak one.
   *
   * @param copy of at most {@link #MOST} bytes, in no coding yet
   */
  public StoredCopy of(StoredCopy copy) {
    return twins.get(copy, GzippedCopies::twin);
  }

  private static StoredCopy twin(StoredCopy copy) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (Map.Entry<String, String> line : copy.headers()) {
      boolean tag = line.getKey().equalsIgnoreCase("ETag") && !line.getValue().startsWith("W/");
      if (tag) {
        headers.add(Map.entry(line.getKey(), "W/" + line.getValue()));
      } else if (!line.getKey().equalsIgnoreCase("Accept-Ranges")) {
        headers.add(line);
      }
    }
    headers.add(Map.entry("Content-Encoding", "gzip"));
    return StoredCopy.of(
        copy.status(),
        headers,
        gzip(copy.body()),
        copy.storedAt(),
        copy.initialAgeSeconds(),
        copy.guessed());
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4 + 64);
    try (GZIPOutputStream coder = new GZIPOutputStream(bytes)) {
      coder.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
    return bytes.toByteArray();
  }
}

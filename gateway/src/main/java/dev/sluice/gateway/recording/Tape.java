package dev.sluice.gateway.recording;

import dev.sluice.gateway.health.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The latest lines, packed; the oldest are dropped once they are older than an hour and a half or
 * take more than four MiB. Threads that write or read wait for each other.
 */
final class Tape {
  private static final int PACK = 64 * 1024;
  private static final int MOST_BYTES = 4 * 1024 * 1024;
  private static final long SECONDS = 90 * 60;

  private final Deque<Packed> packed = new ArrayDeque<>();
  private final ByteArrayOutputStream open = new ByteArrayOutputStream(PACK);
  private Instant first = Instant.MAX;
  private Instant last = Instant.MIN;
  private int bytes;

  @SuppressWarnings("ArrayRecordComponent")
  private record Packed(Instant first, Instant last, byte[] lines) {}

  /** Adds a line, which has its moment as {@code at}. */
  synchronized void write(Map<String, Object> line) {
    Instant at = Instant.parse(String.valueOf(line.get(Lines.AT)));
    first = at.isBefore(first) ? at : first;
    last = at.isAfter(last) ? at : last;
    open.writeBytes(Json.bytes(line));
    open.write('\n');
    if (open.size() >= PACK) {
      pack();
    }
  }

  private void pack() {
    Packed next = new Packed(first, last, gzip(open.toByteArray()));
    open.reset();
    packed.addLast(next);
    bytes += next.lines.length;
    Instant oldest = last.minusSeconds(SECONDS);
    while (bytes > MOST_BYTES || packed.getFirst().last.isBefore(oldest)) {
      bytes -= packed.removeFirst().lines.length;
    }
    first = Instant.MAX;
    last = Instant.MIN;
  }

  /** The lines of this time. */
  byte[] between(Instant from, Instant to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(PACK);
    out.writeBytes(Json.bytes(Lines.head()));
    out.write('\n');
    Deque<Packed> all;
    synchronized (this) {
      all = new ArrayDeque<>(packed);
      all.addLast(new Packed(first, last, gzip(open.toByteArray())));
    }
    for (Packed each : all) {
      if (!each.last.isBefore(from) && !each.first.isAfter(to)) {
        copy(each, from, to, out);
      }
    }
    return out.toByteArray();
  }

  private static void copy(Packed pack, Instant from, Instant to, ByteArrayOutputStream out) {
    String lines = new String(gunzip(pack.lines), StandardCharsets.UTF_8);
    lines
        .lines()
        .filter(line -> within(line, from, to))
        .forEach(
            line -> {
              out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
              out.write('\n');
            });
  }

  /** Every line begins with its moment. */
  private static boolean within(String line, Instant from, Instant to) {
    int begin = Lines.BEFORE_AT;
    Instant at = Instant.parse(line.substring(begin, line.indexOf('"', begin)));
    return !at.isBefore(from) && !at.isAfter(to);
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  private static byte[] gunzip(byte[] gzipped) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }
}

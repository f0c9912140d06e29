package dev.sluice.fallback.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The highest sequence and the number of commits, kept beside the database: a damaged journal can
 * drop committed records without a trace in the database itself. It is written after each commit,
 * so it never runs ahead.
 */
final class HighWater implements AutoCloseable {
  private final FileChannel channel;

  private HighWater(FileChannel channel) {
    this.channel = channel;
  }

  /** What had been committed. */
  record Mark(long sequence, long commits) {
    String line() {
      String text = "sequence=" + padded(sequence) + " commits=" + padded(commits);
      return text + " digest=" + digest(text) + "\n";
    }

    /** 19 digits. */
    private static String padded(long number) {
      String digits = Long.toString(number);
      return "0".repeat(19 - digits.length()) + digits;
    }

    static @Nullable Mark parse(String line) {
      String[] words = line.strip().split(" ");
      if (words.length != 3 || words[0].length() != 28 || words[1].length() != 27) {
        return null;
      }
      if (!words[2].equals("digest=" + digest(words[0] + " " + words[1]))) {
        return null;
      }
      return new Mark(
          Long.parseLong(words[0].substring("sequence=".length())),
          Long.parseLong(words[1].substring("commits=".length())));
    }

    private static String digest(String text) {
      return Digests.sha256(text.getBytes(StandardCharsets.US_ASCII)).substring(0, 16);
    }
  }

  static Path file(Path database) {
    return database.resolveSibling(database.getFileName() + ".high-water");
  }

  /**
   * Reads the mark beside the database; null when there is none.
   *
   * @throws StoreUnusable when it is damaged
   */
  static @Nullable Mark read(Path database) throws IOException {
    Path file = file(database);
    if (!Files.exists(file)) {
      return null;
    }
    Mark mark = Mark.parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    if (mark == null) {
      throw new StoreUnusable(
          database,
          "its high-water file " + file + " is damaged",
          "Run 'sluice queue verify'; if its count of records is right, delete the high-water file");
    }
    return mark;
  }

  static HighWater open(Path database) throws IOException {
    return new HighWater(PrivateFiles.open(file(database)));
  }

  /**
   * Writes the first mark, so that it is there after a power cut as well: an empty file is none.
   */
  void begin(Mark mark) throws IOException {
    write(mark);
    channel.force(true);
  }

  void write(Mark mark) throws IOException {
    ByteBuffer line = ByteBuffer.wrap(mark.line().getBytes(StandardCharsets.US_ASCII));
    long position = 0;
    while (line.hasRemaining()) {
      position += channel.write(line, position);
    }
  }

  @Override
  public void close() throws IOException {
    channel.force(true);
    channel.close();
  }
}

package dev.sluice.demo.soak;

import dev.sluice.demo.soak.Plan.Pace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writing and reading at a pace, and ways to leave. */
final class Pacing {
  private static final int PIECES = 24;

  private Pacing() {}

  /** Writes the bytes up to {@code end}, in pieces of any size. */
  static void write(OutputStream out, byte[] bytes, int end, Pace pace) throws IOException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int most = pace == Pace.AT_ONCE ? end : 1 + 2 * end / PIECES;
    for (int at = 0; at < end; ) {
      int size = pace == Pace.AT_ONCE ? end : Math.min(end - at, 1 + random.nextInt(most));
      out.write(bytes, at, size);
      at += size;
      if (pace == Pace.SLOWLY) {
        pause(random.nextInt(4));
      }
    }
  }

  private static void pause(int millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Closes; with a reset where the other side is to see one. */
  static void end(Socket socket, boolean reset) throws IOException {
    if (reset) {
      socket.setSoLinger(true, 0);
    }
    socket.close();
  }

  /** The reader has had enough. */
  static final class Left extends IOException {}

  /** Buffered input that is taken at a pace, and left where its reader is to leave. */
  static final class Input extends InputStream {
    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private Pace pace = Pace.AT_ONCE;
    private long left = Long.MAX_VALUE;
    private int pauses;
    private int at;
    private int end;

    Input(InputStream in) {
      this.in = in;
    }

    void pace(Pace next) {
      pace = next;
      pauses = 0;
    }

    void leaveAfter(long bytes) {
      left = bytes;
    }

    private boolean fill() throws IOException {
      if (at < end) {
        return true;
      }
      if (left <= 0) {
        throw new Left();
      }
      if (pace == Pace.SLOWLY && pauses++ < 60) {
        pause(ThreadLocalRandom.current().nextInt(3));
      }
      int most = pace == Pace.IN_PIECES ? 500 : buffer.length;
      int got = in.read(buffer, 0, (int) Math.min(most, left));
      at = 0;
      end = Math.max(0, got);
      left -= end;
      return got > 0;
    }

    @Override
    public int read() throws IOException {
      return fill() ? buffer[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (!fill()) {
        return -1;
      }
      int size = Math.min(length, end - at);
      System.arraycopy(buffer, at, into, from, size);
      at += size;
      return size;
    }
  }
}

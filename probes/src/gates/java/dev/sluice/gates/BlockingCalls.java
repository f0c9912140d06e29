package dev.sluice.gates;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingMethod;
import reactor.blockhound.BlockingOperationError;
import reactor.core.scheduler.NonBlocking;

/** Calls that block a thread which must not wait, stopped by BlockHound and remembered here. */
public final class BlockingCalls {
  private static final List<Call> SEEN = new CopyOnWriteArrayList<>();

  private BlockingCalls() {}

  static void install() {
    BlockHound.builder()
        .loadIntegrations()
        .nonBlockingThreadPredicate(known -> known.or(BlockingCalls::mustNotWait))
        // Reads /dev/urandom, which never waits: a driver's nonce, the seed of a TLS context.
        .allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "readFully")
        // The first two to read a type of JSON at once: one makes the deserializer, one waits for
        // it.
        .allowBlockingCallsInside(
            "tools.jackson.databind.deser.DeserializerCache", "_createAndCacheValueDeserializer")
        // The last act of a loop over io_uring: a wake-up that is just being written ends first.
        .allowBlockingCallsInside("io.netty.channel.uring.IoUringIoHandler", "closeWakeupGate")
        .blockingMethodCallback(BlockingCalls::refuse)
        .install();
  }

  /** Event loops of Netty and of Reactor Netty, and Reactor's parallel and single threads. */
  private static boolean mustNotWait(Thread thread) {
    return thread instanceof FastThreadLocalThread || thread instanceof NonBlocking;
  }

  /** Remembers first: a handler may swallow the error, and the run has to fail all the same. */
  private static void refuse(BlockingMethod method) {
    BlockingOperationError error = new BlockingOperationError(method);
    error.setStackTrace(callers(error.getStackTrace()));
    SEEN.add(new Call(Thread.currentThread().getName(), error));
    throw error;
  }

  /** Without the frames of the watch itself. */
  private static StackTraceElement[] callers(StackTraceElement[] stack) {
    int first = 0;
    while (!stack[first].getMethodName().equals("checkBlocking")) {
      first++;
    }
    return Arrays.copyOfRange(stack, first + 1, stack.length);
  }

  static List<Call> seen() {
    return List.copyOf(SEEN);
  }

  /** Whether a sleep on that thread is stopped and remembered; it is not held against the run. */
  public static boolean stop(Executor loop) {
    CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    loop.execute(() -> stopped.complete(sleepIsStopped()));
    return stopped.join() && SEEN.removeIf(Call::isPlanted);
  }

  private static boolean sleepIsStopped() {
    try {
      Thread.sleep(1);
      return false;
    } catch (BlockingOperationError e) {
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  record Call(String thread, BlockingOperationError error) {
    boolean isPlanted() {
      return Arrays.stream(error.getStackTrace())
          .anyMatch(frame -> frame.getMethodName().equals("sleepIsStopped"));
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(error.getMessage() + " on " + thread);
      for (StackTraceElement frame : error.getStackTrace()) {
        text.append("\n\tat ").append(frame);
      }
      return text.toString();
    }
  }
}

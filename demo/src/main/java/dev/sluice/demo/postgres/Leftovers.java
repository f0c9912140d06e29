package dev.sluice.demo.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * What must not outlive the virtual machine: child processes, temporary folders, and whatever
 * writes into them. Each is made and noted in one step; when the virtual machine ends, by whatever
 * but SIGKILL, all are removed in the opposite order. From then on nothing more is made: {@link
 * #keep} and {@link #step} throw {@link Ended}, so that a start that is interrupted leaves as
 * little as one that is not.
 *
 * <p>May be used from any thread. The end waits for the step that is under way, so a step is short.
 */
public final class Leftovers {
  private static final Object LOCK = new Object();

  // Guarded by LOCK; the newest first.
  private static final Deque<Kept> KEPT = new ArrayDeque<>();
  private static boolean ended;

  static {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(Leftovers::end, "leftovers"));
    } catch (IllegalStateException late) {
      ended = true;
    }
  }

  private Leftovers() {}

  /** Makes something that lies on the machine. */
  @FunctionalInterface
  public interface Maker<T> {
    T make() throws IOException;
  }

  /** The virtual machine is ending, and nothing is made any more. */
  public static final class Ended extends IllegalStateException {
    private static final long serialVersionUID = 1;

    Ended() {
      super("interrupted");
    }
  }

  /** Makes a thing and notes how it is removed. */
  public static <T> T keep(Maker<T> maker, Consumer<? super T> removal) {
    return step(
        () -> {
          T thing = maker.make();
          KEPT.push(new Kept(thing, () -> removal.accept(thing)));
          return thing;
        });
  }

  /** Makes a temporary folder, which is removed with all in it. */
  public static Path folder(String prefix) {
    return keep(() -> Files.createTempDirectory(prefix), Scrap::delete);
  }

  /** Does something to a thing that is kept, unless its removal has begun. */
  public static <T> T step(Maker<T> maker) {
    synchronized (LOCK) {
      if (ended) {
        throw new Ended();
      }
      try {
        return maker.make();
      } catch (IOException e) {
        throw new UncheckedIOException(e.toString(), e);
      }
    }
  }

  /** Removes the thing now; one that is gone already stays gone. */
  public static void drop(Object thing) {
    newestFirst().stream()
        .filter(kept -> kept.thing == thing)
        .findFirst()
        .ifPresent(Leftovers::remove);
  }

  /** Whether the virtual machine is ending, so that failures are to be expected. */
  public static boolean ending() {
    synchronized (LOCK) {
      return ended;
    }
  }

  private static void end() {
    synchronized (LOCK) {
      ended = true;
    }
    for (Kept kept : newestFirst()) {
      try {
        remove(kept);
      } catch (RuntimeException e) {
        System.err.println("demo: " + e.getMessage());
      }
    }
  }

  private static List<Kept> newestFirst() {
    synchronized (LOCK) {
      return List.copyOf(KEPT);
    }
  }

  /** Another thread may be removing it already: then this waits until that is done. */
  private static void remove(Kept kept) {
    kept.remove();
    synchronized (LOCK) {
      KEPT.remove(kept);
    }
  }

  private static final class Kept {
    private final Object thing;
    private final Runnable removal;
    private boolean removed;

    Kept(Object thing, Runnable removal) {
      this.thing = thing;
      this.removal = removal;
    }

    synchronized void remove() {
      if (!removed) {
        removal.run();
        removed = true;
      }
    }
  }
}

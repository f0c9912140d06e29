package dev.sluice.gates;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Counts what Netty's leak detectors find, in all of the JVM. */
public final class Leaks extends ResourceLeakDetectorFactory {
  /** A buffer may hang on another that has to be collected first. */
  private static final int ROUNDS = 4;

  private static final int PATIENCE = 50;

  private static final List<Counting<?>> DETECTORS = new CopyOnWriteArrayList<>();
  private static final List<String> REPORTS = new CopyOnWriteArrayList<>();

  private Leaks() {}

  /** Watches every buffer from now on; classes of Netty that are in use already keep their own. */
  public static void install() {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Leaks());
    ResourceLeakDetector.setLevel(Level.PARANOID);
  }

  /** Leaks found so far, each with its stack, equal ones once. */
  public static List<String> reports() {
    return List.copyOf(REPORTS);
  }

  /** Collects garbage until every buffer that was dropped so far is among the reports. */
  public static void settle() {
    for (int round = 0; round < ROUNDS; round++) {
      collect();
      DETECTORS.forEach(Counting::flush);
    }
  }

  /** Takes back the reports that name the planter; answers how many there were. */
  static int forgive(Class<?> planter) {
    List<String> planted =
        REPORTS.stream().filter(report -> report.contains(planter.getName())).toList();
    REPORTS.removeAll(planted);
    return planted.size();
  }

  /** Returns once an object that nobody held before is known to be gone. */
  private static void collect() {
    ReferenceQueue<Object> gone = new ReferenceQueue<>();
    WeakReference<Object> canary = new WeakReference<>(new Object(), gone);
    for (int attempt = 0; attempt < PATIENCE; attempt++) {
      System.gc();
      if (arrives(gone)) {
        return;
      }
    }
    throw new IllegalStateException("This JVM collects no garbage on demand: " + canary);
  }

  private static boolean arrives(ReferenceQueue<Object> gone) {
    try {
      return gone.remove(100) != null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  @Deprecated
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(
      Class<T> resource, int samplingInterval, long maxActive) {
    return watch(new Counting<>(resource, samplingInterval));
  }

  @Override
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(
      Class<T> resource, int samplingInterval) {
    return watch(new Counting<>(resource, samplingInterval));
  }

  private static <T> Counting<T> watch(Counting<T> detector) {
    DETECTORS.add(detector);
    return detector;
  }

  private static final class Counting<T> extends ResourceLeakDetector<T> {
    Counting(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    /** A detector looks at what was collected whenever it is given something to watch. */
    @SuppressWarnings("unchecked")
    void flush() {
      Object probe = new Object();
      ResourceLeakDetector<Object> any = (ResourceLeakDetector<Object>) this;
      any.track(probe).close(probe);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resource, String records) {
      super.reportTracedLeak(resource, records);
      REPORTS.add("LEAK of a " + resource + records);
    }

    @Override
    protected void reportUntracedLeak(String resource) {
      super.reportUntracedLeak(resource);
      REPORTS.add("LEAK of a " + resource + ", created where nobody looked");
    }
  }
}

package dev.sluice.gateway.app;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP, which asks a daemon to read its files again and would end a Java process otherwise. Java
 * hears signals through {@code sun.misc.Signal} of jdk.unsupported alone, whose every mention the
 * compiler warns of: it is called by name.
 */
public final class HangUp {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.reload");

  private HangUp() {}

  /**
   * From now on the signal does this and nothing else. Where the system has none, or the process
   * was started with it ignored as by nohup, nothing changes and the log says so.
   *
   * @param asked must return at once: it runs on the thread of a signal
   */
  public static void does(Runnable asked) {
    try {
      if (!install(asked)) {
        LOG.warn("SIGHUP is ignored here, as by nohup; POST /-/reload does the same");
      }
    } catch (ReflectiveOperationException e) {
      Throwable why = e instanceof InvocationTargetException thrown ? thrown.getCause() : e;
      LOG.info("SIGHUP asks for nothing here: {}", String.valueOf(why));
    }
  }

  /** False where the signal is ignored: Java leaves it so. */
  private static boolean install(Runnable asked) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> listener = Class.forName("sun.misc.SignalHandler");
    MethodHandle run =
        MethodHandles.lookup()
            .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
            .bindTo(asked);
    Object heard =
        MethodHandleProxies.asInterfaceInstance(
            listener, MethodHandles.dropArguments(run, 0, signal));
    Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
    Object before = signal.getMethod("handle", signal, listener).invoke(null, hangUp, heard);
    return !Objects.equals(before, listener.getField("SIG_IGN").get(null));
  }
}

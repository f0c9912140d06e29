package dev.sluice.gateway.app;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
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
   * From now on the signal does this and nothing else. Where the system has none, or it is ignored
   * as under nohup, nothing changes.
   *
   * @param asked must return at once: it runs on the thread of a signal
   */
  public static void does(Runnable asked) {
    try {
      install(asked);
    } catch (ReflectiveOperationException e) {
      Throwable why = e instanceof InvocationTargetException thrown ? thrown.getCause() : e;
      LOG.info("SIGHUP asks for nothing here: {}", String.valueOf(why));
    }
  }

  private static void install(Runnable asked) throws ReflectiveOperationException {
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
    signal.getMethod("handle", signal, listener).invoke(null, hangUp, heard);
  }
}

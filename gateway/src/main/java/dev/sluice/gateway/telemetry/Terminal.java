package dev.sluice.gateway.telemetry;

import java.io.Console;

/** Whether somebody watches. */
final class Terminal {
  private Terminal() {}

  /** Standard output, and input with it, are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // where it is never null it can be asked
  static boolean isStdout() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (NoSuchMethodException e) {
      return true; // before Java 22 there is a console for terminals alone
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}

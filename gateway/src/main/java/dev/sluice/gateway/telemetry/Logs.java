package dev.sluice.gateway.telemetry;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** The log's own end. */
public final class Logs {
  private Logs() {}

  /**
   * Writes out what waits, and ends logging; to be called last, so that no line of a stop is lost.
   */
  public static void close() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }
}

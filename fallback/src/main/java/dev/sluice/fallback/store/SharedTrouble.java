package dev.sluice.fallback.store;

import io.r2dbc.spi.R2dbcException;
import java.util.concurrent.TimeoutException;

/** What an error of the shared database means, in a clause without any value of a statement. */
final class SharedTrouble {
  private static final int LONGEST = 200;

  private SharedTrouble() {}

  static String words(Throwable error) {
    if (error instanceof TimeoutException) {
      return "no answer within " + SharedPool.DEADLINE.toSeconds() + " s";
    }
    if (error instanceof R2dbcException said) {
      String state = said.getSqlState() == null ? "" : " (SQLSTATE " + said.getSqlState() + ")";
      return shortened(String.valueOf(said.getMessage())) + state;
    }
    return error.getClass().getSimpleName() + ": " + shortened(String.valueOf(error.getMessage()));
  }

  private static String shortened(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST);
  }
}

package dev.sluice.demo.backend;

import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What this backend tells the gateway with an answer that the database made it fail. */
final class Testimony {
  static final String HEADER = "Sluice-Evidence";

  private static final int MAX_CAUSES = 5;

  private Testimony() {}

  /**
   * The value of the header; null where the database has nothing to do with the failure.
   *
   * @param millis how long the request had been worked on
   */
  static @Nullable String of(Throwable error, long millis) {
    String state = error instanceof R2dbcException known ? known.getSqlState() : null;
    String rung = rung(error, state);
    if (rung == null) {
      return null;
    }
    String said = state == null || state.startsWith("08") ? "" : ";sqlstate=\"" + state + "\"";
    return "orders-db;rung=" + rung + ";ms=" + millis + said;
  }

  private static @Nullable String rung(Throwable error, @Nullable String state) {
    Throwable next = error;
    for (int i = 0; next != null && i < MAX_CAUSES; i++) {
      if (next instanceof UnknownHostException) {
        return "dns";
      }
      if (next instanceof ConnectException) {
        return "connect";
      }
      next = next.getCause();
    }
    if (error instanceof R2dbcTimeoutException || error instanceof TimeoutException) {
      return "pool";
    }
    if (state == null) {
      return null;
    }
    return state.startsWith("28")
        ? "authentication"
        : state.equals("3D000") ? "database" : state.startsWith("08") ? "connect" : "query";
  }
}

package dev.sluice.gateway.alerts;

import dev.sluice.gateway.alerts.Alarm.Severity;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;

/** What a receiver is tried out with, and why it was not reached. Pure. */
final class Trial {
  private Trial() {}

  static Message message(String receiver, Instant now) {
    Alarm alarm =
        new Alarm(
            "test",
            List.of("test"),
            Severity.WARNING,
            "nobody",
            "TEST",
            "test",
            1,
            "This is a test of receiver " + receiver + ": nothing is wrong.",
            List.of(),
            "",
            List.of(),
            List.of(),
            List.of(),
            now,
            false);
    Incident incident =
        new Incident("sluice-test-" + now.getEpochSecond(), alarm, now, now, Served.NOTHING);
    return new Message(
        Message.Kind.TEST, "nobody", List.of(receiver), List.of(incident.view(Served.NOTHING)));
  }

  /** In words; exceptions of the client often have none. */
  static String reason(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof HttpTimeoutException) {
      return "it took too long";
    }
    if (cause instanceof ConnectException && cause.getMessage() == null) {
      return "it could not be connected to";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}

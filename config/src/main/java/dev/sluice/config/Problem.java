package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/** One finding about a route file; prints as {@code file:line:column: message (hint)}. */
public record Problem(Severity severity, Place place, String message, @Nullable String hint) {
  /** An ERROR refuses the file; a WARNING is shown by {@code check} and logged at load. */
  public enum Severity {
    ERROR,
    WARNING
  }

  @Override
  public String toString() {
    String text = severity == Severity.WARNING ? "warning: " + message : message;
    return place + ": " + text + (hint == null ? "" : " (" + hint + ")");
  }
}

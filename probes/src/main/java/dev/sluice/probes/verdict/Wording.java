package dev.sluice.probes.verdict;

import java.util.Locale;

/** One failed sample as a sentence. */
final class Wording {
  private static final int LONGEST = 200;

  private Wording() {}

  static String of(Sample sample) {
    StringBuilder text = new StringBuilder(80);
    text.append(from(sample.vantage())).append(": ").append(sample.target());
    text.append(", ").append(rung(sample.rung())).append(" failed");
    if (sample.millis() > 0) {
      text.append(String.format(Locale.ROOT, " after %,d ms", sample.millis()));
    }
    String state = sample.serverState();
    if (state != null) {
      text.append(", SQLSTATE ").append(state);
    } else if (sample.signal() != null) {
      text.append(", ").append(sample.signal());
    }
    String message = sample.message();
    if (message != null && !message.isBlank()) {
      text.append(" (").append(bounded(message)).append(')');
    }
    return text.append('.').toString();
  }

  private static String from(Vantage vantage) {
    return switch (vantage) {
      case SHARED -> "Seen beside the backend";
      case AGENT -> "Seen by the agent";
      case BACKEND -> "Said by the backend";
      case TRAFFIC -> "Seen in live traffic";
      case GATEWAY -> "Seen from this gateway";
    };
  }

  private static String rung(Rung rung) {
    return rung.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String bounded(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
  }
}

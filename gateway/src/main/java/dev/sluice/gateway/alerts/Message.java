package dev.sluice.gateway.alerts;

import java.util.List;
import java.util.Locale;

/**
 * What one team is told at one moment.
 *
 * @param receivers ids of whom it goes to; none: the log alone
 * @param incidents of one kind of news, the worst first
 */
public record Message(
    Kind kind, String team, List<String> receivers, List<Incident.View> incidents) {
  /** What the news is. */
  public enum Kind {
    FIRING,
    UPDATE,
    ESCALATED,
    RESOLVED,
    /** Tries a receiver out. */
    TEST;

    /** As receivers read it: {@code firing}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Message {
    receivers = List.copyOf(receivers);
    incidents = List.copyOf(incidents);
  }
}

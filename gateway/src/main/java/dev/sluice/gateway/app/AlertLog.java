package dev.sluice.gateway.app;

import dev.sluice.gateway.alerts.Incident;
import dev.sluice.gateway.alerts.Message;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what teams are told, one sentence each. */
final class AlertLog {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.alerts");

  private AlertLog() {}

  static void say(Message message, Incident.View incident, Instant now) {
    long seconds = incident.lasted(now).toSeconds();
    switch (message.kind()) {
      case FIRING ->
          LOG.error(
              "alert for {}: {} {}, incident {}",
              message.team(),
              incident.alarm().cause(),
              incident.alarm().sentence(),
              incident.id());
      case UPDATE, ESCALATED ->
          LOG.warn(
              "{} for {}: {} lasts for {} s, incident {}",
              message.kind().label(),
              message.team(),
              incident.subject(),
              seconds,
              incident.id());
      case RESOLVED ->
          LOG.warn(
              "resolved for {}: {} is well again after {} s, incident {}",
              message.team(),
              incident.subject(),
              seconds,
              incident.id());
      case TEST -> LOG.warn("a test alert for {}", message.team());
    }
  }
}

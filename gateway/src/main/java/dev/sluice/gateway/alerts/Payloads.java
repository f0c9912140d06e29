package dev.sluice.gateway.alerts;

import dev.sluice.config.Alerts.Receiver;
import dev.sluice.config.Secret;
import dev.sluice.gateway.alerts.Incident.View;
import dev.sluice.gateway.health.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Messages as the receivers' own protocols write them. Pure. */
final class Payloads {
  /** Of one text in a Slack message; of a summary for PagerDuty. */
  private static final int MOST_SLACK = 2_900;

  private static final int MOST_SUMMARY = 1_000;

  /** How long Alertmanager takes an alert for firing that it hears nothing more of. */
  private static final Duration FIRES_FOR = Duration.ofMinutes(5);

  private final Receiver receiver;
  private final AlertText text;
  private final String environment;
  private final Instant now;

  /** One request to a receiver. */
  @SuppressWarnings("ArrayRecordComponent")
  record Post(URI to, byte[] body) {}

  Payloads(Receiver receiver, AlertText text, String environment, Instant now) {
    this.receiver = receiver;
    this.text = text;
    this.environment = environment;
    this.now = now;
  }

  /** What is posted, in order; nothing for a receiver of type log. */
  List<Post> of(Message message) {
    URI url = receiver.url();
    if (url == null) {
      return List.of();
    }
    return switch (receiver.type()) {
      case WEBHOOK -> List.of(new Post(url, Json.bytes(webhook(message))));
      case SLACK -> List.of(new Post(url, Json.bytes(slack(message))));
      case ALERTMANAGER -> List.of(new Post(api(url), Json.bytes(alertmanager(message))));
      case PAGERDUTY -> pagerDuty(url, message);
      case LOG -> List.of();
    };
  }

  private Map<String, Object> webhook(Message message) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("version", 1);
    out.put("kind", message.kind().label());
    out.put("environment", environment);
    out.put("team", message.team());
    out.put("sent-at", now.toString());
    List<Object> alerts = new ArrayList<>();
    message.incidents().forEach(each -> alerts.add(incident(message.kind(), each)));
    out.put("alerts", alerts);
    return out;
  }

  private Map<String, Object> incident(Message.Kind kind, View view) {
    Map<String, Object> out = IncidentJson.of(view, now);
    out.put("title", text.title(kind, view));
    put(out, "runbook", text.runbook(view));
    put(out, "dashboard", text.dashboard());
    return out;
  }

  private static void put(Map<String, Object> out, String key, @Nullable String value) {
    if (value != null) {
      out.put(key, value);
    }
  }

  /** See Slack's "Formatting text for app surfaces": three characters are escaped. */
  private Map<String, Object> slack(Message message) {
    List<Object> blocks = new ArrayList<>();
    List<String> titles = new ArrayList<>();
    for (View each : message.incidents()) {
      String title = text.title(message.kind(), each);
      titles.add(title);
      String whole = "*" + title + "*\n" + text.body(message.kind(), each);
      Map<String, Object> section = new LinkedHashMap<>();
      section.put("type", "section");
      section.put("text", Map.of("type", "mrkdwn", "text", cut(escaped(whole), MOST_SLACK)));
      blocks.add(section);
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("text", cut(escaped(String.join("\n", titles)), MOST_SLACK));
    out.put("blocks", blocks.subList(0, Math.min(50, blocks.size())));
    return out;
  }

  private static String escaped(String any) {
    return any.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String cut(String any, int most) {
    return any.length() <= most ? any : any.substring(0, most - 1) + "…";
  }

  /** A test ends what it begins. */
  private List<Post> pagerDuty(URI url, Message message) {
    boolean ends = message.kind() == Message.Kind.RESOLVED;
    List<Post> posts = new ArrayList<>();
    for (View each : message.incidents()) {
      if (!ends) {
        posts.add(new Post(url, Json.bytes(pagerDuty("trigger", message.kind(), each))));
      }
      if (ends || message.kind() == Message.Kind.TEST) {
        posts.add(new Post(url, Json.bytes(pagerDuty("resolve", message.kind(), each))));
      }
    }
    return posts;
  }

  /** See PagerDuty's "Events API v2". */
  private Map<String, Object> pagerDuty(String action, Message.Kind kind, View view) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("summary", cut(text.title(kind, view), MOST_SUMMARY));
    payload.put("source", "sluice " + environment);
    payload.put("severity", view.alarm().severity().label());
    payload.put("timestamp", view.begun().toString());
    payload.put("component", view.subject());
    payload.put("group", view.alarm().team());
    payload.put("class", view.alarm().detail());
    payload.put("custom_details", IncidentJson.of(view, now));
    Map<String, Object> out = new LinkedHashMap<>();
    Secret key = receiver.key();
    out.put("routing_key", key == null ? "" : key.reveal());
    out.put("event_action", action);
    out.put("dedup_key", view.id());
    out.put("payload", payload);
    out.put("client", "Sluice");
    List<Object> links = new ArrayList<>();
    link(links, "Runbook", text.runbook(view));
    link(links, "Dashboard", text.dashboard());
    out.put("links", links);
    return out;
  }

  private static void link(List<Object> links, String name, @Nullable String to) {
    if (to != null) {
      links.add(Map.of("text", name, "href", to));
    }
  }

  private static URI api(URI base) {
    String text = base.toString();
    return URI.create(
        (text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + "/api/v2/alerts");
  }

  /**
   * See Alertmanager's "OpenAPI v2". What may change while an outage lasts is an annotation: other
   * labels would be another alert.
   */
  private List<Object> alertmanager(Message message) {
    List<Object> alerts = new ArrayList<>();
    for (View view : message.incidents()) {
      Map<String, Object> labels = new LinkedHashMap<>();
      boolean test = message.kind() == Message.Kind.TEST;
      labels.put("alertname", test ? "SluiceTest" : "SluiceOutage");
      labels.put("environment", environment);
      labels.put("subject", view.subject());
      labels.put("severity", view.alarm().severity().label());
      labels.put("team", message.team());
      labels.put("incident", view.id());
      Map<String, Object> notes = new LinkedHashMap<>();
      notes.put("summary", text.title(message.kind(), view));
      notes.put("description", text.body(message.kind(), view));
      put(notes, "runbook_url", text.runbook(view));
      put(notes, "dashboard", text.dashboard());
      Map<String, Object> alert = new LinkedHashMap<>();
      alert.put("labels", labels);
      alert.put("annotations", notes);
      alert.put("startsAt", view.begun().toString());
      Instant ended = view.ended();
      alert.put("endsAt", Objects.requireNonNullElse(ended, now.plus(FIRES_FOR)).toString());
      alerts.add(alert);
    }
    return alerts;
  }
}

package dev.sluice.config;

import dev.sluice.config.Alerts.Hours;
import dev.sluice.config.Alerts.Receiver;
import dev.sluice.config.Alerts.Team;
import dev.sluice.config.Alerts.Warnings;
import java.net.URI;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code alerts:}. */
final class AlertsReader {
  private static final int LEAST_KEY = 16;
  private static final String PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";

  private AlertsReader() {}

  static Alerts read(Fields f) {
    Alerts usual = Alerts.NONE;
    Alerts alerts =
        new Alerts(
            all(f, "receivers", AlertsReader::receiver),
            all(f, "teams", AlertsReader::team),
            f.duration("after", usual.after()),
            f.duration("resolve-after", usual.resolveAfter()),
            f.duration("min-interval", usual.minInterval()),
            f.duration("update-every", usual.updateEvery()),
            f.duration("repeat-every", usual.repeatEvery()),
            f.has("hours") ? hours(f.section("hours")) : Hours.USUAL,
            link(f, "runbook"),
            link(f, "dashboard"),
            warnings(f.section("warn")));
    f.end();
    return alerts;
  }

  private static <T> List<T> all(Fields f, String key, Function<Fields, T> reader) {
    List<T> all = new ArrayList<>();
    for (Node node : f.items(key)) {
      all.add(reader.apply(Fields.item(f.reading(), node, "alerts." + key, all.size())));
    }
    return all;
  }

  private static Receiver receiver(Fields f) {
    String id = Id.read(f, Ids.Kind.RECEIVER);
    if (!f.has("type")) {
      f.requiredScalar("type");
    }
    Receiver.Type type = f.choice("type", Receiver.Type.LOG);
    boolean addressed = type != Receiver.Type.LOG && type != Receiver.Type.PAGERDUTY;
    boolean keyed = type == Receiver.Type.WEBHOOK || type == Receiver.Type.PAGERDUTY;
    Scalar url = needed(f, "url", addressed);
    Scalar key = needed(f, "key", keyed);
    f.end();
    if (key != null && key.text().length() < LEAST_KEY) {
      f.problems()
          .error(
              key.place(),
              "a receiver's key is shorter than " + LEAST_KEY + " characters",
              "openssl rand -base64 32 makes one that signs a webhook's messages");
    }
    URI to = url == null ? usual(type) : address(f, url);
    return new Receiver(id, type, to, key == null ? null : new Secret(key.text()));
  }

  private static @Nullable Scalar needed(Fields f, String key, boolean needed) {
    if (needed && !f.has(key)) {
      f.problems().error(f.place(), "a receiver of this type needs " + key);
    }
    return f.textScalar(key);
  }

  private static @Nullable URI usual(Receiver.Type type) {
    return type == Receiver.Type.PAGERDUTY ? URI.create(PAGERDUTY) : null;
  }

  private static @Nullable URI address(Fields f, Scalar url) {
    URI to = Addresses.httpUrl(url.text());
    if (to == null) {
      f.problems()
          .error(
              url.place(),
              "url must be an http or https URL without user info",
              "such as https://hooks.example/sluice");
    }
    return to;
  }

  private static Team team(Fields f) {
    String id = Id.read(f, Ids.Kind.TEAM);
    List<String> receivers = receivers(f, "receivers");
    Fields later = f.section("escalate");
    Duration after = later.has("after") ? later.duration("after", Duration.ofMinutes(30)) : null;
    List<String> to = receivers(later, "to");
    later.end();
    f.end();
    boolean escalates = f.has("escalate");
    if (escalates && (after == null || to.isEmpty())) {
      f.problems()
          .error(
              f.place("escalate"),
              "escalate needs after and to",
              "such as { after: 30m, to: [on-call] }");
    }
    return new Team(id, receivers, after, to);
  }

  private static List<String> receivers(Fields f, String key) {
    List<Scalar> ids = f.texts(key);
    List<String> receivers = new ArrayList<>();
    for (Scalar id : ids == null ? List.<Scalar>of() : ids) {
      f.reading().ids().mean(Ids.Kind.RECEIVER, id);
      receivers.add(id.text());
    }
    return receivers;
  }

  private static Hours hours(Fields f) {
    Hours usual = Hours.USUAL;
    Hours hours =
        new Hours(
            days(f),
            time(f, "from", usual.from()),
            time(f, "to", usual.to()),
            zone(f, usual.zone()));
    f.end();
    if (!hours.from().isBefore(hours.to())) {
      f.problems().error(f.place(), "hours end before they begin", "such as 08:00 to 18:00");
    }
    return hours;
  }

  private static Set<DayOfWeek> days(Fields f) {
    List<Scalar> names = f.texts("days");
    if (names == null) {
      return Hours.USUAL.days();
    }
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (Scalar name : names) {
      DayOfWeek day = day(name.text());
      if (day == null) {
        f.problems()
            .error(
                name.place(), "days are mon, tue, wed, thu, fri, sat and sun, not " + name.said());
      } else {
        days.add(day);
      }
    }
    return days;
  }

  private static @Nullable DayOfWeek day(String name) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().substring(0, 3).toLowerCase(Locale.ROOT).equals(name)) {
        return day;
      }
    }
    return null;
  }

  private static LocalTime time(Fields f, String key, LocalTime otherwise) {
    Scalar text = f.textScalar(key);
    if (text == null) {
      return otherwise;
    }
    if (!text.text().matches("([01][0-9]|2[0-3]):[0-5][0-9]")) {
      f.problems()
          .error(text.place(), key + " must be a time of day, not " + text.said(), "such as 08:00");
      return otherwise;
    }
    return LocalTime.parse(text.text());
  }

  private static ZoneId zone(Fields f, ZoneId otherwise) {
    Scalar text = f.textScalar("zone");
    if (text == null) {
      return otherwise;
    }
    try {
      return ZoneId.of(text.text());
    } catch (DateTimeException e) {
      f.problems()
          .error(text.place(), "there is no time zone " + text.said(), "such as Europe/Berlin");
      return otherwise;
    }
  }

  private static @Nullable String link(Fields f, String key) {
    Scalar text = f.textScalar(key);
    if (text == null) {
      return null;
    }
    if (Addresses.httpUrl(text.text().replace("{detail}", "detail")) == null) {
      f.problems()
          .error(
              text.place(),
              key + " must be an http or https URL",
              "such as https://runbooks.example/{detail}");
    }
    return text.text();
  }

  private static Warnings warnings(Fields f) {
    Warnings usual = Warnings.USUAL;
    Warnings warnings =
        new Warnings(
            f.duration("queue-age", usual.queueAge()),
            f.duration("runway", usual.runway()),
            f.number("disk-free", usual.diskFree(), 1, 99),
            f.duration("certificate", usual.certificate()));
    f.end();
    return warnings;
  }
}

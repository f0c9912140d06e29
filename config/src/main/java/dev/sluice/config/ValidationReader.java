package dev.sluice.config;

import dev.sluice.config.Validation.Http;
import dev.sluice.config.Validation.Marked;
import dev.sluice.config.Validation.Schedule;
import dev.sluice.config.Validation.Step;
import dev.sluice.config.Validation.Suite;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code validation:}. */
final class ValidationReader {
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final Duration JITTER = Duration.ofSeconds(30);

  private ValidationReader() {}

  static Validation read(Fields f) {
    List<Step> steps = new ArrayList<>();
    for (Node node : f.items("steps")) {
      steps.add(step(Fields.item(f.reading(), node, "validation.steps", steps.size())));
    }
    Validation usual = Validation.USUAL;
    Validation validation =
        new Validation(
            f.flag("by-itself", usual.byItself()),
            f.number("max-failing", usual.maxFailing(), 1, 100),
            f.duration("connect-p95", usual.connectP95()),
            f.has("record") ? marked(f.section("record")) : null,
            paths(f.section("paths")),
            proxies(f.section("fault-proxies")),
            steps,
            f.has("schedules") ? schedules(f) : usual.schedules());
    f.end();
    return validation;
  }

  private static List<Schedule> schedules(Fields f) {
    List<Schedule> schedules = new ArrayList<>();
    for (Node node : f.items("schedules")) {
      schedules.add(
          schedule(Fields.item(f.reading(), node, "validation.schedules", schedules.size())));
    }
    return schedules;
  }

  private static Schedule schedule(Fields f) {
    String id = Id.read(f, Ids.Kind.SCHEDULE);
    Suite suite = f.choice("suite", Suite.BASIC);
    Scalar cron = f.requiredScalar("cron");
    Scalar zone = f.textScalar("zone");
    Duration jitter = f.duration("jitter", JITTER);
    f.end();
    if (cron != null && !Cron.valid(cron.text())) {
      f.problems()
          .error(
              cron.place(),
              "cron must be five fields as crontab has them, not " + cron.said(),
              "such as \"*/5 * * * *\", every five minutes");
    }
    return new Schedule(
        id,
        suite,
        cron == null ? "" : cron.text(),
        zone == null ? ZoneOffset.UTC : zone(f, zone),
        jitter);
  }

  private static ZoneId zone(Fields f, Scalar zone) {
    try {
      return ZoneId.of(zone.text());
    } catch (DateTimeException e) {
      f.problems()
          .error(zone.place(), "there is no time zone " + zone.said(), "such as Europe/Berlin");
      return ZoneOffset.UTC;
    }
  }

  private static @Nullable Marked marked(Fields f) {
    Scalar path = f.requiredScalar("path");
    Scalar body = f.requiredScalar("body");
    String type = f.text("content-type", "application/json");
    f.end();
    if (body != null && !body.text().contains(Marked.MARKER)) {
      f.problems()
          .error(
              body.place(),
              "body must hold {marker}, by which the record is known again",
              "such as body: '{\"item\": \"{marker}\"}'");
    }
    return path == null || body == null ? null : new Marked(plain(f, path), body.text(), type);
  }

  private static Map<String, String> paths(Fields f) {
    Map<String, String> paths = new LinkedHashMap<>();
    for (Scalar id : f.keys()) {
      f.reading().ids().mean(Ids.Kind.ROUTE, id);
      Scalar path = f.textScalar(id.text());
      if (path != null) {
        paths.put(id.text(), plain(f, path));
      }
    }
    f.end();
    return paths;
  }

  private static Map<String, URI> proxies(Fields f) {
    Map<String, URI> proxies = new LinkedHashMap<>();
    for (Scalar id : f.keys()) {
      f.reading().ids().mean(Ids.Kind.DEPENDENCY, id);
      Scalar text = f.textScalar(id.text());
      URI url = text == null ? null : Addresses.httpUrl(text.text());
      if (url != null) {
        proxies.put(id.text(), url);
      } else if (text != null) {
        f.problems()
            .error(
                text.place(),
                "a fault proxy is switched by an http or https URL without user info",
                "such as http://127.0.0.1:8474/proxies/orders-db of a Toxiproxy");
      }
    }
    f.end();
    return proxies;
  }

  /** A path that a request can have. */
  private static String plain(Fields f, Scalar path) {
    String text = path.text();
    if (!text.matches("/[^*?#\\s]*") || !text.equals(PathForm.of(text))) {
      f.problems()
          .error(
              path.place(),
              "a path begins with a slash and is one that a request has, without stars and query",
              "such as /api/orders/1");
    }
    return text;
  }

  private static Step step(Fields f) {
    String id = Id.read(f, Ids.Kind.STEP);
    Http http = http(f);
    List<Scalar> exec = f.texts("exec");
    Duration within = f.duration("within", WITHIN);
    boolean requests = f.has("http");
    f.end();
    if (requests == (exec != null)) {
      f.problems()
          .error(
              f.place(),
              "a step has either http or exec",
              "such as http: \"http://127.0.0.1:8080/orders\", or exec: [./check.sh]");
    } else if (exec != null && exec.isEmpty()) {
      f.problems().error(f.place("exec"), "exec is empty", "it names a program and its arguments");
    }
    List<String> command = exec == null ? List.of() : exec.stream().map(Scalar::text).toList();
    return new Step(id, http, command, within);
  }

  private static @Nullable Http http(Fields f) {
    int status = f.number("status", 200, 100, 599);
    String contains = f.has("contains") ? f.text("contains", "") : null;
    Scalar text = f.textScalar("http");
    for (String key : List.of("status", "contains")) {
      if (f.has(key) && !f.has("http")) {
        f.problems().error(f.place(key), key + " belongs to http");
      }
    }
    if (text == null) {
      return null;
    }
    URI url = Addresses.httpUrl(text.text());
    if (url == null) {
      f.problems().error(text.place(), "http must be an http or https URL without user info");
    }
    return url == null ? null : new Http(url, status, contains);
  }
}

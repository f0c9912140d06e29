package dev.sluice.config;

import dev.sluice.config.Validation.Http;
import dev.sluice.config.Validation.Step;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code validation:}. */
final class ValidationReader {
  private static final Duration WITHIN = Duration.ofSeconds(10);

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
            steps);
    f.end();
    return validation;
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

package dev.sluice.gateway.platform;

import dev.sluice.config.Operation.Platform;
import dev.sluice.gateway.platform.Asking.Unanswered;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What Google Cloud says of the resources of one dependency, in sentences: the connector's state
 * and throughput, the instance's state, its running operations, CPU and disk. What is not answered
 * is a sentence too. Belongs to one thread that may block.
 */
final class GcpFacts {
  private static final Duration LATELY = Duration.ofMinutes(10);
  private static final String METRIC = "cloudsql.googleapis.com/database/";

  private final Platform platform;
  private final Endpoints endpoints;
  private final InstantSource clock;
  private final Asking asking;

  GcpFacts(Platform platform, Endpoints endpoints, InstantSource clock, Asking asking) {
    this.platform = platform;
    this.endpoints = endpoints;
    this.clock = clock;
    this.asking = asking;
  }

  /** Takes some seconds at most. */
  List<String> of(String dependencyId) {
    List<String> facts = new ArrayList<>();
    String connector = platform.connector();
    if (connector != null) {
      tell(facts, "The connector " + connector, () -> connector(connector));
    }
    String instance = platform.instances().get(dependencyId);
    if (instance != null) {
      tell(facts, "The instance " + instance, () -> instance(instance));
      tell(facts, "Operations of " + instance, () -> operations(instance));
      tell(facts, "CPU of " + instance, () -> share(instance, "cpu/utilization"));
      tell(facts, "The disk of " + instance, () -> share(instance, "disk/utilization"));
    }
    return facts;
  }

  private interface Question {
    @Nullable String ask() throws Unanswered;
  }

  private static void tell(List<String> facts, String subject, Question question) {
    try {
      String said = question.ask();
      if (said != null) {
        facts.add(subject + ": " + said + ".");
      }
    } catch (Unanswered e) {
      facts.add(subject + ": " + e.why() + ".");
    }
  }

  private String connector(String name) throws Unanswered {
    JsonNode answer =
        asking.get(
            endpoints.vpcAccess(),
            "/v1/projects/%s/locations/%s/connectors/%s"
                .formatted(platform.project(), platform.region(), name));
    return "%s, %s to %s Mbit/s"
        .formatted(
            word(answer.path("state")),
            number(answer.path("minThroughput")),
            number(answer.path("maxThroughput")));
  }

  private String sql(String rest) {
    return "/v1/projects/" + platform.project() + rest;
  }

  private String instance(String name) throws Unanswered {
    JsonNode answer = asking.get(endpoints.sqlAdmin(), sql("/instances/" + name));
    JsonNode settings = answer.path("settings");
    return "%s, activation policy %s, disk of %s GB"
        .formatted(
            word(answer.path("state")),
            word(settings.path("activationPolicy")),
            number(settings.path("dataDiskSizeGb")));
  }

  private @Nullable String operations(String name) throws Unanswered {
    JsonNode answer =
        asking.get(endpoints.sqlAdmin(), sql("/operations?maxResults=10&instance=" + name));
    List<String> running = new ArrayList<>();
    for (JsonNode operation : answer.path("items")) {
      String status = operation.path("status").asString("");
      if (status.equals("RUNNING") || status.equals("PENDING")) {
        running.add(word(operation.path("operationType")) + " " + status.toLowerCase(Locale.ROOT));
      }
    }
    return running.isEmpty() ? null : String.join(", ", running);
  }

  /** The latest value of a metric between 0 and 1. */
  private @Nullable String share(String instance, String metric) throws Unanswered {
    Instant now = clock.instant();
    String filter =
        "metric.type=\"%s%s\" AND resource.labels.database_id=\"%s:%s\""
            .formatted(METRIC, metric, platform.project(), instance);
    JsonNode answer =
        asking.get(
            endpoints.monitoring(),
            "/v3/projects/%s/timeSeries?filter=%s&interval.startTime=%s&interval.endTime=%s"
                .formatted(
                    platform.project(),
                    URLEncoder.encode(filter, StandardCharsets.UTF_8),
                    now.minus(LATELY),
                    now));
    JsonNode latest = answer.path("timeSeries").path(0).path("points").path(0).path("value");
    double value = latest.path("doubleValue").asDouble(-1);
    return value < 0 ? null : String.format(Locale.ROOT, "%.0f %% used", value * 100);
  }

  /** Only what an API's constant looks like. */
  private static String word(JsonNode node) {
    String text = node.asString("");
    return text.matches("[A-Z][A-Z_]{0,40}") ? text : "unknown";
  }

  /** Numbers come as numbers or as text. */
  private static String number(JsonNode node) {
    String text = node.asString("");
    return text.matches("[0-9]{1,9}") ? text : "?";
  }
}

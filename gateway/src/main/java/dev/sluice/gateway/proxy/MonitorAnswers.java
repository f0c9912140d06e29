package dev.sluice.gateway.proxy;

import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the owner of a queued write is told of it. Pure. */
final class MonitorAnswers {
  private static final String JSON = "application/json";

  /** Headers that belong to the backend's connection, its caches or its sessions. */
  private static final Set<String> NOT_TOLD =
      Set.of(
          "age",
          "cache-control",
          "connection",
          "content-length",
          "content-type",
          "date",
          "expires",
          "keep-alive",
          "pragma",
          "proxy-authenticate",
          "proxy-connection",
          "set-cookie",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "via");

  private MonitorAnswers() {}

  /** Where it stands; once the backend answered, that answer, or the way to what it named. */
  static FullHttpResponse of(QueuedWrite write) {
    CapturedAnswer answer = write.answer();
    if (answer == null) {
      return standing(write);
    }
    String resource = resource(write, answer);
    FullHttpResponse response =
        resource == null
            ? captured(answer)
            : Answers.of(303, JSON, bytes("{" + facts(write) + "}"));
    if (resource != null) {
      response.headers().set(HttpHeaderNames.LOCATION, resource);
    }
    response
        .headers()
        .set("Sluice-Write", state(write))
        .set("Sluice-Write-Status", answer.status());
    return response;
  }

  static FullHttpResponse cancelled() {
    return Answers.of(200, JSON, bytes("{\"status\":\"cancelled\"}"));
  }

  static FullHttpResponse notWaiting() {
    return Answers.of(
        Problem.of(409, "Conflict", "only a write that is still queued can be withdrawn"));
  }

  static FullHttpResponse unknown() {
    return Answers.of(Problem.of(404, "Not Found", "no write of yours has this id"));
  }

  private static FullHttpResponse standing(QueuedWrite write) {
    String json =
        "{"
            + facts(write)
            + ",\"accepted\":\""
            + write.createdAt()
            + "\",\"expires\":\""
            + write.expiresAt()
            + "\"}";
    FullHttpResponse response = Answers.of(200, JSON, bytes(json));
    if (!write.state().terminal()) {
      response.headers().set(HttpHeaderNames.RETRY_AFTER, 1);
    }
    response.headers().set("Sluice-Write", state(write));
    return response;
  }

  private static String facts(QueuedWrite write) {
    return "\"status\":\""
        + state(write)
        + "\",\"id\":\""
        + write.id()
        + "\",\"attempts\":"
        + write.attempts();
  }

  private static String state(QueuedWrite write) {
    return write.state().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static FullHttpResponse captured(CapturedAnswer answer) {
    String type = value(answer, "content-type");
    FullHttpResponse response =
        Answers.of(200, type == null ? "application/octet-stream" : type, answer.body());
    Set<String> own = new HashSet<>(NOT_TOLD);
    String connection = value(answer, "connection");
    if (connection != null) {
      own.addAll(List.of(connection.toLowerCase(Locale.ROOT).split("\\s*,\\s*")));
    }
    for (Map.Entry<String, String> header : answer.headers()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!own.contains(name) && !name.startsWith("sluice-")) {
        response.headers().add(header.getKey(), header.getValue());
      }
    }
    if (!answer.whole()) {
      response.headers().set("Sluice-Write-Body", "cut");
    }
    return response;
  }

  /** What a successful answer's Location names, as seen from the gateway; null without one. */
  private static @Nullable String resource(QueuedWrite write, CapturedAnswer answer) {
    String location = value(answer, "location");
    if (write.state() != WriteState.SUCCEEDED || location == null || location.isBlank()) {
      return null;
    }
    String path = write.request().target().split("\\?", 2)[0];
    try {
      URI named = new URI(location.startsWith("?") ? path + location : location);
      return new URI(path).resolve(named).toString();
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** The only value of a header; null where there is none or more than one. */
  private static @Nullable String value(CapturedAnswer answer, String name) {
    List<String> values =
        answer.headers().stream()
            .filter(header -> header.getKey().equalsIgnoreCase(name))
            .map(Map.Entry::getValue)
            .toList();
    return values.size() == 1 ? values.get(0) : null;
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}

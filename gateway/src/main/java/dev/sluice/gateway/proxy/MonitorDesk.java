package dev.sluice.gateway.proxy;

import dev.sluice.config.Route;
import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.gateway.route.RequestTarget;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Tells the owner of a queued write how it stands, and withdraws it on demand. */
final class MonitorDesk {
  static final String PREFIX = "/.sluice/writes/";
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final DataPathServices services;

  MonitorDesk(DataPathServices services) {
    this.services = services;
  }

  void answer(ClientHandler client, HttpRequest request, RequestTarget target, Snapshot snapshot) {
    WriteQueue queue = services.queue();
    String method = request.method().name();
    String id = target.path().substring(PREFIX.length());
    boolean known = method.equals("GET") || method.equals("HEAD") || method.equals("DELETE");
    Waiting waiting = new Waiting(client);
    client.exchange(waiting);
    client.deadline().set(DEADLINE);
    if (queue == null || !known || !id.matches("[0-9a-f]{32}")) {
      reply(waiting, known ? notFound() : Problem.of(405, "Method Not Allowed", "GET or DELETE"));
      return;
    }
    Deque<String> owners = new ArrayDeque<>(owners(snapshot, request));
    CompletableFuture<FullHttpResponse> found =
        method.equals("DELETE") ? cancelled(queue, id, owners) : told(queue, id, owners);
    found.whenComplete(
        (response, failure) ->
            client
                .context()
                .channel()
                .eventLoop()
                .execute(() -> reply(waiting, response, failure)));
  }

  private CompletableFuture<FullHttpResponse> told(
      WriteQueue queue, String id, Deque<String> owners) {
    String owner = owners.poll();
    if (owner == null) {
      return CompletableFuture.completedFuture(Answers.of(notFound()));
    }
    return queue
        .monitor(id, owner)
        .thenCompose(
            (Optional<QueuedWrite> write) ->
                write.isPresent()
                    ? CompletableFuture.completedFuture(status(write.get()))
                    : told(queue, id, owners));
  }

  private CompletableFuture<FullHttpResponse> cancelled(
      WriteQueue queue, String id, Deque<String> owners) {
    String owner = owners.poll();
    if (owner == null) {
      return CompletableFuture.completedFuture(
          Answers.of(Problem.of(409, "Conflict", "no write of yours is waiting under this id")));
    }
    return queue
        .cancel(id, owner)
        .thenCompose(
            done ->
                done
                    ? CompletableFuture.completedFuture(
                        Answers.of(200, "application/json", bytes("{\"status\":\"cancelled\"}")))
                    : cancelled(queue, id, owners));
  }

  private static Set<String> owners(Snapshot snapshot, HttpRequest request) {
    Set<String> owners = new LinkedHashSet<>();
    for (Route route : snapshot.configuration().routes()) {
      Writes writes = route.writes();
      String owner = writes == null ? null : Owner.of(writes.principal(), request.headers());
      if (owner != null) {
        owners.add(owner);
      }
    }
    return owners;
  }

  /** The captured answer once there is one, else where the write stands. */
  private FullHttpResponse status(QueuedWrite write) {
    CapturedAnswer answer = write.answer();
    String state = write.state().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    if (answer == null) {
      String json =
          "{\"status\":\""
              + state
              + "\",\"id\":\""
              + write.id()
              + "\",\"attempts\":"
              + write.attempts()
              + ",\"accepted\":\""
              + write.createdAt()
              + "\"}";
      FullHttpResponse pending = Answers.of(200, "application/json", bytes(json));
      if (!write.state().terminal()) {
        pending.headers().set(HttpHeaderNames.RETRY_AFTER, 1);
      }
      pending.headers().set("Sluice-Write", state);
      return pending;
    }
    String type = "application/octet-stream";
    for (var header : answer.headers()) {
      if (header.getKey().equalsIgnoreCase("content-type")) {
        type = header.getValue();
      }
    }
    FullHttpResponse done = Answers.of(200, type, answer.body());
    done.headers().set("Sluice-Write", state).set("Sluice-Write-Status", answer.status());
    return done;
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static Problem notFound() {
    return Problem.of(404, "Not Found", "no write of yours has this id");
  }

  private void reply(Waiting waiting, Problem problem) {
    reply(waiting, Answers.of(problem), null);
  }

  private void reply(
      Waiting waiting, @Nullable FullHttpResponse response, @Nullable Throwable failure) {
    ClientHandler client = waiting.client;
    if (!client.serves(waiting)) {
      Reception.drop(response);
      return;
    }
    FullHttpResponse sent =
        failure == null && response != null
            ? response
            : Answers.of(
                Problem.retryable(
                    503, "Service Unavailable", "the store does not answer", DEADLINE));
    String requestId = RequestIds.next();
    sent.headers().set(Headers.REQUEST_ID, requestId);
    services
        .observer()
        .ended(
            new ExchangeObserver.Ended(
                requestId, "writes", Outcome.MONITOR, "-", PREFIX, sent.status().code(), 0));
    client.answer(sent);
  }

  /** A client that waits for the store. */
  private final class Waiting implements Exchange {
    private final ClientHandler client;

    Waiting(ClientHandler client) {
      this.client = client;
    }

    @Override
    public void content(HttpContent content) {
      content.release();
    }

    @Override
    public void refuse(Problem problem) {
      client.answers().lastOne();
      reply(this, problem);
    }

    @Override
    public void clientGone() {}

    @Override
    public void deadlinePassed() {
      reply(this, null, null);
    }
  }
}

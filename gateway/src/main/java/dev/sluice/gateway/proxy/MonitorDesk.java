package dev.sluice.gateway.proxy;

import dev.sluice.config.Route;
import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.gateway.route.RequestTarget;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
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

  /** A write together with what its asker owns it as. */
  private record Mine(String owner, QueuedWrite write) {}

  void answer(ClientHandler client, HttpRequest request, RequestTarget target, Snapshot snapshot) {
    WriteQueue queue = services.queue();
    String method = request.method().name();
    String id = target.path().substring(PREFIX.length());
    boolean known = method.equals("GET") || method.equals("HEAD") || method.equals("DELETE");
    Waiting waiting = new Waiting(client, method);
    client.exchange(waiting);
    client.deadline().set(DEADLINE);
    if (!known) {
      reply(waiting, Answers.of(Problem.of(405, "Method Not Allowed", "GET or DELETE")), null);
      return;
    }
    if (queue == null || !id.matches("[0-9a-f]{32}")) {
      reply(waiting, MonitorAnswers.unknown(), null);
      return;
    }
    find(queue, id, new ArrayDeque<>(owners(snapshot, request)))
        .thenCompose(mine -> answered(queue, mine, method.equals("DELETE")))
        .whenComplete(
            (response, failure) ->
                client
                    .context()
                    .channel()
                    .eventLoop()
                    .execute(() -> reply(waiting, response, failure)));
  }

  private static CompletableFuture<Optional<Mine>> find(
      WriteQueue queue, String id, Deque<String> owners) {
    String owner = owners.poll();
    if (owner == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return queue
        .monitor(id, owner)
        .thenCompose(
            (Optional<QueuedWrite> write) ->
                write.isPresent()
                    ? CompletableFuture.completedFuture(Optional.of(new Mine(owner, write.get())))
                    : find(queue, id, owners));
  }

  private static CompletableFuture<FullHttpResponse> answered(
      WriteQueue queue, Optional<Mine> found, boolean withdraw) {
    if (found.isEmpty()) {
      return CompletableFuture.completedFuture(MonitorAnswers.unknown());
    }
    Mine mine = found.get();
    return withdraw
        ? queue
            .cancel(mine.write().id(), mine.owner())
            .thenApply(done -> done ? MonitorAnswers.cancelled() : MonitorAnswers.notWaiting())
        : CompletableFuture.completedFuture(MonitorAnswers.of(mine.write()));
  }

  private Set<String> owners(Snapshot snapshot, HttpRequest request) {
    Set<String> owners = new LinkedHashSet<>();
    for (Route route : snapshot.configuration().routes()) {
      Writes writes = route.writes();
      if (writes != null) {
        owners.addAll(
            Owner.candidates(writes.principal(), request.headers(), services.identities()));
      }
    }
    return owners;
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
                requestId,
                ExchangeObserver.Origin.UNKNOWN,
                "writes",
                Outcome.MONITOR,
                waiting.method,
                PREFIX,
                sent.status().code(),
                0));
    client.answer(sent);
  }

  /** A client that waits for the store. */
  private final class Waiting implements Exchange {
    private final ClientHandler client;
    private final String method;

    Waiting(ClientHandler client, String method) {
      this.client = client;
      this.method = method;
    }

    @Override
    public void content(HttpContent content) {
      content.release();
    }

    @Override
    public void refuse(Problem problem) {
      client.answers().lastOne();
      reply(this, Answers.of(problem), null);
    }

    @Override
    public void clientGone() {}

    @Override
    public void deadlinePassed() {
      reply(this, null, null);
    }
  }
}

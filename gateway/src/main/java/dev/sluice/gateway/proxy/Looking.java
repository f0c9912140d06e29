package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.gateway.route.HealthQuestion;
import dev.sluice.gateway.route.Matched;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A health request that waits for the probes that it began, for a bounded time. It is answered by
 * what is known then, or its client leaves.
 */
final class Looking implements Exchange {
  private final Reception reception;
  private final ClientHandler client;
  private final Question question;
  private boolean ended;

  /**
   * What is asked.
   *
   * @param matched the route of kind health; null for the gateway's own paths
   */
  record Question(HealthQuestion about, @Nullable Matched matched, String method, String path) {
    String routeId() {
      return matched == null ? "health" : matched.route().id();
    }
  }

  Looking(Reception reception, ClientHandler client, Question question) {
    this.reception = reception;
    this.client = client;
    this.question = question;
  }

  void begin(CompletableFuture<Void> look, Duration patience) {
    EventLoop loop = client.loop();
    client.exchange(this);
    client.deadline().set(patience);
    look.whenComplete((looked, failure) -> on(loop));
  }

  private void on(EventLoop loop) {
    try {
      loop.execute(this::answer);
    } catch (RejectedExecutionException e) {
      // The loop has ended, and with it its clients.
    }
  }

  private void answer() {
    if (!ended) {
      ended = true;
      client.deadline().clear();
      reception.health(client, question);
    }
  }

  @Override
  public boolean takesBody() {
    return false;
  }

  /** Never called: nobody reads it. */
  @Override
  public void content(HttpContent content) {
    content.release();
  }

  @Override
  public void deadlinePassed() {
    answer();
  }

  @Override
  public void refuse(Problem problem) {
    ended = true;
    reception.reject(client, problem);
  }

  @Override
  public void clientGone() {
    ended = true;
    reception.ended(question.routeId(), Outcome.CLIENT_GONE, question.method(), question.path(), 0);
  }
}

package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/**
 * A request that waits for the answer to another one, which may be its own too. When that has come,
 * or takes too long, it is judged anew, and waits no second time.
 */
final class Collapsed implements Exchange {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Reception reception;
  private final ClientHandler client;
  private final Asked asked;
  private boolean ended;

  Collapsed(Reception reception, ClientHandler client, Asked asked) {
    this.reception = reception;
    this.client = client;
    this.asked = asked;
  }

  /** False where there is nothing to wait for any more. */
  boolean begin(Flights.Flight flight) {
    EventLoop loop = client.context().channel().eventLoop();
    client.exchange(this);
    client.deadline().set(PATIENCE);
    return flight.join(() -> wake(loop));
  }

  private void wake(EventLoop loop) {
    try {
      loop.execute(this::goOn);
    } catch (RejectedExecutionException stopping) {
      ended = true;
    }
  }

  private void goOn() {
    if (!ended) {
      ended = true;
      client.deadline().clear();
      reception.again(client, asked);
      client.resume();
    }
  }

  @Override
  public boolean takesBody() {
    return false;
  }

  /** Never called: the request has no body. */
  @Override
  public void content(HttpContent content) {
    content.release();
  }

  @Override
  public void deadlinePassed() {
    goOn();
  }

  @Override
  public void refuse(Problem problem) {
    ended = true;
    reception.reject(client, asked, problem);
  }

  @Override
  public void clientGone() {
    if (!ended) {
      ended = true;
      reception.ended(asked, Outcome.CLIENT_GONE, 0);
    }
  }
}

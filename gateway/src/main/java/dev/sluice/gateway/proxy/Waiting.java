package dev.sluice.gateway.proxy;

import dev.sluice.gateway.filter.BackendLimit;
import dev.sluice.gateway.filter.Slot;
import dev.sluice.gateway.filter.Turn;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.gateway.proxy.Gatekeeper.Passage;
import dev.sluice.gateway.route.Decision;
import io.netty.handler.codec.http.HttpContent;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/**
 * A request that waits until its backend may be sent one more, for a bounded time. Its body is not
 * read meanwhile. It is forwarded, refused, or its client leaves: whichever comes first.
 */
final class Waiting extends Turn implements Exchange {
  private final Reception reception;
  private final ClientHandler client;
  private final Asked asked;
  private final Passage passage;
  private final Decision.Forward forward;
  private final BackendLimit limit;
  private boolean ended;

  Waiting(
      Reception reception,
      ClientHandler client,
      Asked asked,
      Passage passage,
      Decision.Forward forward,
      BackendLimit limit) {
    this.reception = reception;
    this.client = client;
    this.asked = asked;
    this.passage = passage;
    this.forward = forward;
    this.limit = limit;
  }

  void begin() {
    client.exchange(this);
    if (!limit.join(this, first())) {
      shed("the backend has all the requests that it can take, and more wait already");
      return;
    }
    client.deadline().set(patience());
    if (asked.length() != 0) {
      client.hold(true);
    }
  }

  private boolean first() {
    return asked.matched().route().essential();
  }

  private Duration patience() {
    Duration most = asked.matched().backend().concurrency().maxWait();
    Duration whole = asked.matched().route().deadline();
    return whole == null || whole.compareTo(most) > 0 ? most : whole;
  }

  @Override
  protected void comes(Slot slot) {
    try {
      client.context().channel().eventLoop().execute(() -> go(slot));
    } catch (RejectedExecutionException e) {
      slot.release();
    }
  }

  private void go(Slot slot) {
    if (ended) {
      slot.release();
      return;
    }
    ended = true;
    client.deadline().clear();
    try {
      reception.forward(client, asked, passage, forward, slot);
    } catch (RuntimeException e) {
      reception.services().observer().fault("forwarding", e);
      client.refuse(Problem.closing(500, "a fault of the gateway"));
    }
    client.resume();
  }

  @Override
  public boolean takesBody() {
    return false;
  }

  /** Never called: the body stays where it is until there is somebody to take it. */
  @Override
  public void content(HttpContent content) {
    content.release();
  }

  /** Where its slot is on its way already it goes on in a moment. */
  @Override
  public void deadlinePassed() {
    if (limit.leave(this, first())) {
      shed("the backend has all the requests that it can take");
    }
  }

  private void shed(String why) {
    ended = true;
    reception.entrance().shed(client, asked, passage, why);
  }

  @Override
  public void refuse(Problem problem) {
    leave();
    reception.reject(client, asked, problem);
  }

  @Override
  public void clientGone() {
    leave();
    reception.ended(asked, Outcome.CLIENT_GONE, 0);
  }

  private void leave() {
    if (!ended) {
      ended = true;
      limit.leave(this, first());
      Entrance.giveBack(passage);
    }
  }
}

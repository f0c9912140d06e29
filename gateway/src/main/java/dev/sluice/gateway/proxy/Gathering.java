package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;

/** Gathers a write's body under its bound and has it kept; the client waits for the commit. */
final class Gathering implements Exchange {
  private final Reception reception;
  private final ClientHandler client;
  private final Asked asked;
  private final Body body;
  private boolean offered;
  private boolean ended;

  Gathering(Reception reception, ClientHandler client, Asked asked, Body body) {
    this.reception = reception;
    this.client = client;
    this.asked = asked;
    this.body = body;
  }

  void begin() {
    client.exchange(this);
    if (asked.length() > body.limit() || body.over()) {
      refuse(RequestRules.tooLarge(body.limit()));
      return;
    }
    Problem refusal = reception.writer().refusal(asked);
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    client.deadline().set(asked.snapshot().configuration().listen().bodyIdle());
    client.hold(false);
    if (body.complete()) {
      offer();
    } else if (asked.expectsContinue()) {
      client.answers().goOn();
    }
  }

  @Override
  public void content(HttpContent content) {
    boolean kept = !ended && body.add(content.content(), content instanceof LastHttpContent);
    content.release();
    if (offered || ended) {
      return;
    }
    if (body.starved()) {
      refuse(reception.busy("there is no memory for the body at the moment"));
    } else if (!kept) {
      refuse(RequestRules.tooLarge(body.limit()));
    } else if (body.complete()) {
      offer();
    } else {
      client.deadline().set(asked.snapshot().configuration().listen().bodyIdle());
    }
  }

  private void offer() {
    offered = true;
    client.deadline().set(Writer.COMMIT_DEADLINE);
    byte[] bytes = body.bytes();
    body.release();
    reception.writer().offer(reception, client, asked, bytes, this);
  }

  @Override
  public void deadlinePassed() {
    refuse(
        offered
            ? reception.busy("the store did not confirm the write in time")
            : Problem.closing(408, "the body made no progress"));
  }

  @Override
  public void refuse(Problem problem) {
    ended = true;
    body.release();
    reception.reject(client, asked, problem);
  }

  /** A write that was offered is kept all the same; nobody is there to be told. */
  @Override
  public void clientGone() {
    if (!ended) {
      ended = true;
      body.release();
      reception.ended(asked, Outcome.CLIENT_GONE, 0);
    }
  }
}

package dev.sluice.gateway.proxy;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.LastHttpContent;

/** Gathers a write's body under its bound and has it kept; the client waits for the commit. */
final class Gathering implements Exchange {
  private final Reception reception;
  private final ClientHandler client;
  private final Asked asked;
  private final Body body;
  private boolean offered;

  Gathering(Reception reception, ClientHandler client, Asked asked, Body body) {
    this.reception = reception;
    this.client = client;
    this.asked = asked;
    this.body = body;
  }

  void begin() {
    client.exchange(this);
    if (RequestRules.length(asked.request()) > body.limit() || body.over()) {
      tooLarge();
      return;
    }
    client.deadline().set(reception.services().configuration().listen().bodyIdle());
    client.hold(false);
    if (body.complete()) {
      offer();
    } else if (expectsContinue(asked)) {
      client.goOn();
    }
  }

  static boolean expectsContinue(Asked asked) {
    return asked.headers().contains(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE, true);
  }

  @Override
  public void content(HttpContent content) {
    boolean kept = body.add(content.content(), content instanceof LastHttpContent);
    content.release();
    if (offered) {
      return;
    }
    if (!kept) {
      tooLarge();
    } else if (body.complete()) {
      offer();
    } else {
      client.deadline().set(reception.services().configuration().listen().bodyIdle());
    }
  }

  private void tooLarge() {
    offered = true;
    reception.reject(client, asked, RequestRules.tooLarge(body.limit()));
  }

  private void offer() {
    offered = true;
    client.deadline().set(Writer.COMMIT_DEADLINE);
    reception.writer().offer(reception, client, asked, body.bytes(), this);
  }

  @Override
  public void deadlinePassed() {
    boolean committing = offered;
    offered = true;
    reception.reject(
        client,
        asked,
        committing
            ? Problem.retryable(
                503,
                "Service Unavailable",
                "the store did not confirm the write in time",
                Writer.COMMIT_DEADLINE)
            : Problem.closing(408, "Request Timeout", "the body made no progress"));
  }
}

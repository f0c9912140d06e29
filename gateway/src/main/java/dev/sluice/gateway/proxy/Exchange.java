package dev.sluice.gateway.proxy;

import io.netty.handler.codec.http.HttpContent;

/** One request of a client connection from its head on; called on the connection's event loop. */
interface Exchange {
  /** A piece of the request's body, the last one included; the exchange owns it. */
  void content(HttpContent content);

  /** What was read from the client in one go has arrived. */
  default void readComplete() {}

  /** The client takes more, or less, of the answer. */
  default void writabilityChanged() {}

  /** The deadline that the exchange set has passed. */
  default void deadlinePassed() {}

  /** The client has left: let go of everything. */
  default void clientGone() {}
}

package dev.sluice.gateway.proxy;

import io.netty.handler.codec.http.HttpContent;

/**
 * One request of a client connection from its head on; called on the connection's event loop. It
 * tells its outcome exactly once, whichever of its methods ends it.
 */
interface Exchange {
  /** Whether it takes the body already; until then the body stays with the connection. */
  default boolean takesBody() {
    return true;
  }

  /** A piece of the request's body, the last one included; the exchange owns it. */
  void content(HttpContent content);

  /**
   * The request cannot be completed, by the client's or the gateway's fault: answers so, or cuts
   * the answer that has begun.
   */
  void refuse(Problem problem);

  /** The client has left: lets go of everything. */
  void clientGone();

  /** The deadline that the exchange set has passed. */
  void deadlinePassed();

  /** What was read from the client in one go has arrived. */
  default void readComplete() {}

  /** A graceful stop begins; what ends by itself needs no word. */
  default void drain() {}

  /** The client takes more, or less, of the answer. */
  default void writabilityChanged() {}
}

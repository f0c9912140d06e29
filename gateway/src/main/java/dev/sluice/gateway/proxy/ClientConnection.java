package dev.sluice.gateway.proxy;

import io.netty.channel.EventLoop;

/** A connection of a client's, whichever protocol it speaks. */
interface ClientConnection {
  /** Its own; everything else here is called on it, save {@link #close}. */
  EventLoop loop();

  /**
   * A graceful stop begins: what is idle closes now, the rest with its answers. Called again while
   * the stop lasts.
   */
  void drain();

  /** Ends it at once; from any thread. */
  void close();
}

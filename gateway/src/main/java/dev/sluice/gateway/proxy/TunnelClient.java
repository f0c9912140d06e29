package dev.sluice.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/** The client's side of a WebSocket, over whichever protocol it came. */
interface TunnelClient {
  /** Tells the client that it is open; what it sends from now on reaches the tunnel. */
  void begin(HttpResponse switched, Tunnel tunnel);

  /** Bytes for the client, which are taken over. */
  void write(ByteBuf bytes);

  /** Reads from the client, or stops to. */
  void read(boolean wanted);

  /** Ends it once everything written has left. */
  void end();
}

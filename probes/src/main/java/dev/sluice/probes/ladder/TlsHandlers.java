package dev.sluice.probes.ladder;

import dev.sluice.config.ServerName;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Executor;

/** TLS on a connection of a probe, computed away from its event loop. */
final class TlsHandlers {
  private TlsHandlers() {}

  /**
   * Shakes hands as a client as soon as it stands in the pipeline; the context says what is
   * verified.
   *
   * @param host whom to ask for, and whose name the certificate must carry
   * @param tasks where handshakes are computed
   */
  static SslHandler client(
      SslContext context, Channel channel, String host, int port, Executor tasks) {
    DeferredCloseEngine engine =
        new DeferredCloseEngine(context.newEngine(channel.alloc(), host, port));
    ServerName.ask(engine, host);
    return new SslHandler(engine, false, tasks);
  }
}

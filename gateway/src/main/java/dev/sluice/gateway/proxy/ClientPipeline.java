package dev.sluice.gateway.proxy;

import dev.sluice.config.Listen;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/** The handlers of one client connection: each begins as one of HTTP/1.1. */
final class ClientPipeline extends ChannelInitializer<SocketChannel> {
  private final Reception reception;
  private final @Nullable ServerTls tls;

  /**
   * @param tls null: clients speak without it
   */
  ClientPipeline(Reception reception, @Nullable ServerTls tls) {
    this.reception = reception;
    this.tls = tls;
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    Listen listen = reception.services().configuration().listen();
    Peer end = Peer.of(channel.remoteAddress(), reception.trusted(), tls != null);
    ClientHandler client = new ClientHandler(reception, listen, end);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(reception.parts(channel.eventLoop()).flushes().newHandler(client::flushed));
    if (listen.proxyProtocol()) {
      pipeline.addLast(new ProxyHeaderDecoder(end, client::told));
    }
    if (tls != null) {
      pipeline.addLast(tls.handler());
    }
    if (listen.http2() || (tls != null && tls.offersHttp2())) {
      pipeline.addLast(new Http2Choice(reception, listen, client));
    }
    pipeline.addLast(client.decoder(), client.encoder(), client);
  }
}

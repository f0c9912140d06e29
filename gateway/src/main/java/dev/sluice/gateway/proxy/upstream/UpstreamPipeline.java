package dev.sluice.gateway.proxy.upstream;

import dev.sluice.gateway.proxy.http1.MessageEncoder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;

/** The handlers of one upstream connection. */
final class UpstreamPipeline extends ChannelInitializer<Channel> {
  private final Upstream upstream;
  private final UpstreamConnection connection;
  private final Endpoint endpoint;
  private final ChannelHandler head;
  private final int handshakeMillis;

  UpstreamPipeline(
      Upstream upstream,
      UpstreamConnection connection,
      Endpoint endpoint,
      ChannelHandler head,
      int handshakeMillis) {
    this.upstream = upstream;
    this.connection = connection;
    this.endpoint = endpoint;
    this.head = head;
    this.handshakeMillis = handshakeMillis;
  }

  @Override
  protected void initChannel(Channel channel) {
    connection.over(channel);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(head);
    TlsClient tls = upstream.tls();
    if (tls != null) {
      pipeline.addLast(tls.handler(channel, endpoint.key().configured(), handshakeMillis));
    }
    if (!upstream.backend().http2()) {
      http1(connection);
    }
  }

  /** What speaks HTTP/1.1 over it. */
  static void http1(UpstreamConnection connection) {
    UpstreamHandler handler = connection.handler();
    connection
        .channel()
        .pipeline()
        .addLast(handler.decoder(), new MessageEncoder(() -> false), handler);
  }
}

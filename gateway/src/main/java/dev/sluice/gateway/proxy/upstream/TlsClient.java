package dev.sluice.gateway.proxy.upstream;

import dev.sluice.config.Authorities;
import dev.sluice.config.Backend;
import dev.sluice.config.ServerName;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's side of TLS with one backend: TLS 1.3 and 1.2, the chain and the host's name
 * verified (RFC 9110, section 4.3.4), sessions resumed. Made away from the event loops, since it
 * reads files; what a handshake computes runs there as well.
 */
final class TlsClient {
  private static final ApplicationProtocolConfig EITHER =
      new ApplicationProtocolConfig(
          ApplicationProtocolConfig.Protocol.ALPN,
          ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
          ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_2,
          ApplicationProtocolNames.HTTP_1_1);

  private final Backend backend;
  private final Executor tasks;
  private final CompletableFuture<SslContext> context;

  TlsClient(Backend backend, Backend.Tls settings, Executor tasks) {
    this.backend = backend;
    this.tasks = tasks;
    context = CompletableFuture.supplyAsync(() -> build(settings, backend.http2()), tasks);
  }

  private static SslContext build(Backend.Tls settings, boolean http2) {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forClient()
              .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .endpointIdentificationAlgorithm("HTTPS");
      if (settings.ca() != null) {
        builder.trustManager(Authorities.read(Path.of(settings.ca())));
      }
      if (http2) {
        builder.applicationProtocolConfig(EITHER);
      }
      return builder.build();
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /** Runs it once the context is there or cannot be had; at once if that is so already. */
  void whenMade(Runnable then) {
    context.whenComplete((made, failure) -> then.run());
  }

  boolean made() {
    return context.isDone();
  }

  /** Why it could not be made; null where it could, or is being made. */
  @Nullable SSLException fault() {
    return context.isCompletedExceptionally()
        ? new SSLException("the authorities of tls.ca cannot be read any more")
        : null;
  }

  /** Shakes hands as the client of this host; only once it is made. */
  SslHandler handler(Channel channel, Backend.Address host, int limitMillis) {
    String name = backend.serverName(host);
    SslHandler handler = context.join().newHandler(channel.alloc(), name, host.port(), tasks);
    handler.setHandshakeTimeoutMillis(limitMillis);
    ServerName.ask(handler.engine(), name);
    return handler;
  }
}

package dev.sluice.gateway.proxy;

import dev.sluice.config.Authorities;
import dev.sluice.config.KeyPairs;
import dev.sluice.config.KeyPairs.KeyPair;
import dev.sluice.config.Listen;
import dev.sluice.gateway.proxy.upstream.TlsThreads;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's side of TLS with clients: 1.3 and 1.2, the certificate chosen by the name that is
 * asked for (RFC 6066, section 3). Files that change are read again; connections that stand keep
 * what they began with. By BoringSSL where there is one for this platform, else by the JDK.
 */
final class ServerTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.tls");
  private static final int LARGEST_HELLO = 16 * 1024;

  private final ForkJoinPool tasks = TlsThreads.pool();
  private volatile boolean http2;
  private volatile ByName<SslContext> contexts;
  private List<Object> read;
  private String told = "";

  private ServerTls(Listen.Tls settings, boolean http2) throws IOException {
    this.http2 = http2;
    this.read = content(settings, http2);
    this.contexts = contexts(settings, http2);
  }

  /**
   * Reads the files.
   *
   * @throws IllegalStateException with one sentence where they cannot be used
   */
  static ServerTls of(Listen.Tls settings, boolean http2) {
    try {
      return new ServerTls(settings, http2);
    } catch (IOException e) {
      throw new IllegalStateException("cannot serve TLS: " + e.getMessage(), e);
    }
  }

  /**
   * Looks whether the files hold something new, and takes it where it can be used; blocks on the
   * read. What cannot be used, such as a chain whose key has not been written yet, is told once.
   */
  void look(Listen.Tls settings, boolean offersHttp2) {
    try {
      List<Object> now = content(settings, offersHttp2);
      if (!now.equals(read)) {
        contexts = contexts(settings, offersHttp2);
        http2 = offersHttp2;
        read = now;
        told = "";
        LOG.warn("other settings of TLS are in use for new connections");
      }
    } catch (IOException | IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage());
      if (!why.equals(told)) {
        LOG.error("the certificates that were read before stay in use: {}", why);
      }
      told = why;
    }
  }

  /** Everything that the files say, to tell whether it is another. */
  private static List<Object> content(Listen.Tls settings, boolean http2) throws IOException {
    List<Object> content = new ArrayList<>();
    for (Listen.Certificate each : settings.certificates()) {
      content.add(pair(each).chain());
    }
    content.add(authorities(settings));
    content.add(settings);
    content.add(http2);
    return content;
  }

  private static KeyPair pair(Listen.Certificate certificate) throws IOException {
    return KeyPairs.read(Path.of(certificate.chain()), Path.of(certificate.key()));
  }

  private static List<?> authorities(Listen.Tls settings) throws IOException {
    String ca = settings.clientCa();
    return ca == null ? List.of() : Authorities.read(Path.of(ca));
  }

  private static ByName<SslContext> contexts(Listen.Tls settings, boolean http2)
      throws IOException {
    ByName<SslContext> found = new ByName<>();
    for (Listen.Certificate each : settings.certificates()) {
      KeyPair pair = pair(each);
      found.add(pair.certificate(), context(pair, settings, http2));
    }
    return found;
  }

  private static SslContext context(KeyPair pair, Listen.Tls settings, boolean http2)
      throws IOException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(pair.key(), pair.chain())
            .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(protocols(http2));
    if (settings.clientCa() != null) {
      builder
          .trustManager(Authorities.read(Path.of(settings.clientCa())))
          .clientAuth(asked(settings));
    }
    return builder.build();
  }

  private static ClientAuth asked(Listen.Tls settings) {
    return settings.clientCertificates() == Listen.ClientCertificates.REQUIRED
        ? ClientAuth.REQUIRE
        : ClientAuth.OPTIONAL;
  }

  private static ApplicationProtocolConfig protocols(boolean http2) {
    List<String> spoken =
        http2
            ? List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)
            : List.of(ApplicationProtocolNames.HTTP_1_1);
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        spoken);
  }

  /** Whether a handshake may have agreed upon HTTP/2. */
  boolean offersHttp2() {
    return http2;
  }

  /** For one connection; its handshake has no deadline but the connection's own. */
  ChannelHandler handler() {
    ByName<SslContext> now = contexts;
    return new SniHandler(name -> now.of(name), LARGEST_HELLO, 0) {
      @Override
      protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
        return context.newHandler(allocator, tasks);
      }
    };
  }

  @Override
  public void close() {
    tasks.shutdown();
  }
}

package dev.sluice.probes.ladder;

import dev.sluice.config.Resolver;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Names to addresses without blocking and without a cache, so that a probe sees what a new
 * connection would see. IP literals pass. Failures carry the name server's own answer code.
 */
final class Names implements AutoCloseable {
  /** Two tries fit into the rung's second. */
  private static final long QUERY_MILLIS = 450;

  /** More addresses than this are not tried. */
  private static final int MOST_ADDRESSES = 4;

  private final DnsNameResolver resolver;

  Names(EventLoop loop, Resolver servers) {
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(loop)
            .datagramChannelType(NioDatagramChannel.class)
            .socketChannelType(NioSocketChannel.class, true)
            .resolveCache(NoopDnsCache.INSTANCE)
            .cnameCache(NoopDnsCnameCache.INSTANCE)
            .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
            .queryTimeoutMillis(QUERY_MILLIS)
            .consolidateCacheSize(0);
    if (!servers.servers().isEmpty()) {
      builder.nameServerProvider(
          new SequentialDnsServerAddressStreamProvider(
              servers.servers().stream()
                  .map(server -> new InetSocketAddress(server.host(), server.port()))
                  .toList()));
    }
    resolver = builder.build();
  }

  /** One to four addresses, or the reason why there is none. */
  Mono<List<InetAddress>> resolve(String host) {
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(bare(host));
    return literal == null
        ? ask(host).onErrorResume(Names::unheard, lost -> ask(host))
        : Mono.fromCallable(() -> List.of(InetAddress.getByAddress(literal)));
  }

  @Override
  public void close() {
    resolver.close();
  }

  private Mono<List<InetAddress>> ask(String host) {
    return Mono.create(
        sink -> {
          Future<List<InetAddress>> answer = resolver.resolveAll(host);
          sink.onCancel(() -> answer.cancel(false));
          answer.addListener(
              done -> {
                if (done.isSuccess()) {
                  sink.success(answer.getNow().stream().limit(MOST_ADDRESSES).toList());
                } else {
                  sink.error(done.cause());
                }
              });
        });
  }

  /** One lost datagram is no evidence. */
  private static boolean unheard(Throwable failure) {
    return failure.getCause() instanceof DnsNameResolverTimeoutException;
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}

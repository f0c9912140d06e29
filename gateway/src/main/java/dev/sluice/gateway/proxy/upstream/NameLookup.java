package dev.sluice.gateway.proxy.upstream;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsCnameCache;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the addresses of one name, IPv4 and IPv6, each time anew and from a port of its own, and
 * notes for how long the answer holds. Belongs to one event loop.
 */
final class NameLookup implements AutoCloseable {
  /** An answer holds no longer than this, and neither does one of the hosts file. */
  static final int MOST_SECONDS = 30;

  /** Longer than the resolver's own tries on two servers take. */
  private static final long LIMIT_SECONDS = 10;

  private final String host;
  private final EventLoop loop;
  private final DnsNameResolver resolver;
  private long seconds = MOST_SECONDS;

  /** What becomes of one question; exactly one of both is called. */
  interface Answer {
    /** For so long, in seconds. */
    void found(List<InetAddress> addresses, long seconds);

    void missed(Throwable cause);
  }

  NameLookup(String host, EventLoop loop, DnsNameResolverBuilder names) {
    this.host = host;
    this.loop = loop;
    Notes notes = new Notes();
    resolver =
        names
            .resolveCache(notes)
            .cnameCache(notes)
            .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
            .consolidateCacheSize(0)
            .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
            .build();
  }

  /** One question at a time. */
  void ask(Answer answer) {
    seconds = MOST_SECONDS;
    Future<List<InetAddress>> asked = resolver.resolveAll(host);
    var limit = loop.schedule(() -> asked.cancel(false), LIMIT_SECONDS, TimeUnit.SECONDS);
    asked.addListener(
        done -> {
          limit.cancel(false);
          if (done.isSuccess()) {
            answered(asked.getNow(), answer);
          } else {
            answer.missed(done.cause());
          }
        });
  }

  /** No name leads to an address of the link, where platforms give tokens to whoever asks. */
  private void answered(List<InetAddress> told, Answer answer) {
    List<InetAddress> usable = told.stream().filter(each -> !each.isLinkLocalAddress()).toList();
    if (usable.isEmpty()) {
      answer.missed(new UnknownHostException(host + " has link-local addresses alone"));
    } else {
      answer.found(usable, Math.max(1, seconds));
    }
  }

  @Override
  public void close() {
    resolver.close();
  }

  /** Keeps nothing: reads from every record for how long it holds. */
  private final class Notes implements DnsCache, DnsCnameCache {
    @Override
    public DnsCacheEntry cache(
        String name, DnsRecord[] additionals, InetAddress address, long ttl, EventLoop on) {
      seconds = Math.min(seconds, ttl);
      return new Nothing(address, null);
    }

    @Override
    public DnsCacheEntry cache(
        String name, DnsRecord[] additionals, Throwable cause, EventLoop on) {
      return new Nothing(null, cause);
    }

    @Override
    public void cache(String name, String alias, long ttl, EventLoop on) {
      seconds = Math.min(seconds, ttl);
    }

    @Override
    public @Nullable List<? extends DnsCacheEntry> get(String name, DnsRecord[] additionals) {
      return null;
    }

    @Override
    public @Nullable String get(String name) {
      return null;
    }

    @Override
    public void clear() {}

    @Override
    public boolean clear(String name) {
      return false;
    }
  }

  private record Nothing(@Nullable InetAddress address, @Nullable Throwable cause)
      implements DnsCacheEntry {}
}

package dev.sluice.gateway.proxy.upstream;

import dev.sluice.config.Backend;
import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a backend is served now. Names are asked for again as often as their records say, on one
 * event loop; what is known is read on all. A name that cannot be asked for keeps its last answer
 * for a while. Not more than half of the endpoints are ever ejected.
 */
final class AddressBook {
  /** How long the last good answer holds while no other comes. */
  static final Duration KEPT = Duration.ofMinutes(10);

  private static final long RETRY_SECONDS = 1;
  private static final int MOST_ENDPOINTS = 64;

  private final EventLoop loop;
  private final LongSupplier nanos;
  private final List<Name> names = new ArrayList<>();
  private final List<Runnable> readers = new ArrayList<>();
  private boolean closed;
  private volatile @Nullable Known known;

  /**
   * What is known at a moment.
   *
   * @param why there is none, where there is none
   */
  record Known(List<Endpoint> endpoints, @Nullable Throwable why) {}

  AddressBook(
      Backend backend,
      EventLoop loop,
      Function<EventLoop, DnsNameResolverBuilder> resolvers,
      LongSupplier nanos) {
    this.loop = loop;
    this.nanos = nanos;
    backend.addresses().forEach(address -> names.add(new Name(address)));
    if (names.stream().allMatch(name -> name.found != null)) {
      publish();
    } else {
      execute(() -> names.forEach(name -> name.follow(resolvers)));
    }
  }

  /** Null until a name has an address, or none has one. */
  @Nullable Known known() {
    return known;
  }

  /** Tells the reader now and whenever what is known has changed, on the book's loop. */
  void watch(Runnable reader) {
    execute(
        () -> {
          readers.add(reader);
          reader.run();
        });
  }

  /** Asks no more. */
  void close() {
    execute(
        () -> {
          closed = true;
          readers.clear();
          names.forEach(Name::close);
        });
  }

  private void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The gateway stops: nobody needs an address any more.
    }
  }

  /** Notes a failure of an endpoint; true when it is ejected for it. */
  boolean failed(Endpoint endpoint, boolean trial, long now) {
    Known current = known;
    if (current == null || current.endpoints().size() < 2 || !endpoint.failed(trial, now)) {
      return false;
    }
    if (crowded(current)) {
      endpoint.spare(now);
    }
    return endpoint.ejected();
  }

  private static boolean crowded(Known known) {
    int ejected = 0;
    for (Endpoint each : known.endpoints()) {
      ejected += each.ejected() ? 1 : 0;
    }
    return ejected * 2 > known.endpoints().size();
  }

  private void publish() {
    Known before = known;
    List<Endpoint> old = before == null ? List.of() : before.endpoints();
    List<Endpoint> now = new ArrayList<>();
    Throwable why = null;
    boolean waiting = false;
    for (Name name : names) {
      waiting |= name.found == null && name.failure == null;
      why = name.failure == null ? why : name.failure;
      name.endpoints(old, now);
    }
    boolean same = before != null && now.size() == old.size() && old.containsAll(now);
    if (now.isEmpty() ? !waiting : !same) {
      announce(new Known(List.copyOf(now), why));
    }
  }

  private void announce(Known next) {
    for (Endpoint each : next.endpoints()) {
      if (crowded(next)) {
        each.spare(nanos.getAsLong());
      }
    }
    known = next;
    readers.forEach(Runnable::run);
  }

  /** One host of the route file, followed. */
  private final class Name implements NameLookup.Answer {
    private final Backend.Address configured;
    private @Nullable NameLookup lookup;
    private @Nullable List<InetAddress> found;
    private @Nullable Throwable failure;
    private long foundAt;

    Name(Backend.Address configured) {
      this.configured = configured;
      byte[] literal = NetUtil.createByteArrayFromIpAddressString(configured.host());
      found = literal == null ? null : List.of(address(literal));
    }

    void follow(Function<EventLoop, DnsNameResolverBuilder> resolvers) {
      if (found == null && !closed) {
        lookup = new NameLookup(configured.host(), loop, resolvers.apply(loop));
        lookup.ask(this);
      }
    }

    private void again(long seconds) {
      NameLookup next = lookup;
      if (!closed && next != null && !loop.isShuttingDown()) {
        loop.schedule(() -> next.ask(this), seconds, TimeUnit.SECONDS);
      }
    }

    @Override
    public void found(List<InetAddress> addresses, long seconds) {
      found = addresses;
      foundAt = nanos.getAsLong();
      failure = null;
      publish();
      again(seconds);
    }

    @Override
    public void missed(Throwable cause) {
      failure = cause;
      if (found != null && nanos.getAsLong() - foundAt > KEPT.toNanos()) {
        found = null;
      }
      publish();
      again(RETRY_SECONDS);
    }

    /** Adds its endpoints: those that were known, as they stand, and new ones. */
    void endpoints(List<Endpoint> old, List<Endpoint> now) {
      for (InetAddress address : found == null ? List.<InetAddress>of() : found) {
        var key = new Endpoint.Key(configured, socket(address));
        boolean there = now.stream().anyMatch(each -> each.key().equals(key));
        if (!there && now.size() < MOST_ENDPOINTS) {
          now.add(
              old.stream()
                  .filter(each -> each.key().equals(key))
                  .findFirst()
                  .orElseGet(() -> new Endpoint(key)));
        }
      }
    }

    private InetSocketAddress socket(InetAddress address) {
      return new InetSocketAddress(address, configured.port());
    }

    void close() {
      if (lookup != null) {
        lookup.close();
      }
    }
  }

  private static InetAddress address(byte[] literal) {
    try {
      return InetAddress.getByAddress(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address of " + literal.length + " bytes", e);
    }
  }
}

package dev.sluice.gateway.proxy.upstream;

import dev.sluice.config.Backend;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/** One socket address of a backend, and how it stands: one atomic holder for all event loops. */
final class Endpoint {
  private final Key key;
  private final AtomicReference<Standing> standing = new AtomicReference<>(Standing.WELL);

  /**
   * What makes an endpoint the same after its name was asked for again.
   *
   * @param configured what the route file says, whose host is a TLS server's name
   */
  record Key(Backend.Address configured, InetSocketAddress address) {}

  Endpoint(Key key) {
    this.key = key;
  }

  Key key() {
    return key;
  }

  InetSocketAddress address() {
    return key.address();
  }

  /** As metrics name it, such as {@code 10.0.0.7:8080}. */
  String label() {
    String host = address().getAddress().getHostAddress();
    return new Backend.Address(host, address().getPort()).authority();
  }

  private Standing standing() {
    return Objects.requireNonNull(standing.get());
  }

  boolean ejected() {
    return standing().ejected();
  }

  /** True when this failure has ejected it, or ejected it anew. */
  boolean failed(boolean trial, long now) {
    double jitter = ThreadLocalRandom.current().nextDouble();
    while (true) {
      Standing before = standing();
      Standing after = before.failed(trial, now, jitter);
      if (after.equals(before) || standing.compareAndSet(before, after)) {
        return after.ejected() && !after.equals(before);
      }
    }
  }

  void succeeded(boolean trial, long now) {
    Standing before = standing();
    Standing after = before.succeeded(trial, now);
    while (!after.equals(before) && !standing.compareAndSet(before, after)) {
      before = standing();
      after = before.succeeded(trial, now);
    }
  }

  /** True when it is ejected and this request may try it. */
  boolean tried(long now) {
    Standing before = standing();
    Standing after = before.tried(now);
    return after != null && standing.compareAndSet(before, after);
  }

  /** Keeps it in use, where too few others are. */
  void spare(long now) {
    Standing before = standing();
    if (before.ejected()) {
      standing.compareAndSet(before, before.spared(now));
    }
  }
}

package dev.sluice.gateway.proxy.upstream;

import dev.sluice.config.Backend;
import dev.sluice.gateway.proxy.upstream.AddressBook.Known;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What all event loops share of one backend. */
final class Upstream {
  private final Backend backend;
  private final AddressBook book;
  private final @Nullable TlsClient tls;
  private final Tally tally = new Tally();

  Upstream(Backend backend, AddressBook book, @Nullable TlsClient tls) {
    this.backend = backend;
    this.book = book;
    this.tls = tls;
  }

  Backend backend() {
    return backend;
  }

  @Nullable TlsClient tls() {
    return tls;
  }

  Tally tally() {
    return tally;
  }

  /** Where it is served, once that and its TLS context are known; null before. */
  @Nullable Known known() {
    if (tls == null) {
      return book.known();
    }
    Throwable fault = tls.fault();
    return fault != null ? new Known(List.of(), fault) : tls.made() ? book.known() : null;
  }

  /** Tells the reader whenever {@link #known} may have changed, from any thread. */
  void watch(Runnable reader) {
    book.watch(reader);
    if (tls != null) {
      tls.whenMade(reader);
    }
  }

  void failed(Endpoint endpoint, boolean trial, long now) {
    if (book.failed(endpoint, trial, now)) {
      tally.ejections.increment();
    }
  }

  void close() {
    book.close();
  }

  UpstreamFigures figures() {
    Map<String, Boolean> ejected = new TreeMap<>();
    Known known = book.known();
    if (known != null) {
      known.endpoints().forEach(each -> ejected.put(each.label(), each.ejected()));
    }
    return new UpstreamFigures(
        backend.id(),
        tally.open.sum(),
        tally.idle.sum(),
        tally.connects.sum(),
        tally.failures.sum(),
        tally.ejections.sum(),
        ejected);
  }
}

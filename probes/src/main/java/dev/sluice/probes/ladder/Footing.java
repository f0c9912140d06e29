package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Signal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The two rungs every way begins with, DNS and TCP, and the connection they end in. */
final class Footing {
  private static final Duration DNS = Duration.ofSeconds(1);
  private static final Duration TCP = Duration.ofMillis(1_200);

  /** So that the connect's own timeout speaks before the rung's, one retransmission after 1 s. */
  private static final Duration MARGIN = Duration.ofMillis(50);

  private final ProbeResources resources;
  private final Sockets sockets;
  private final String host;
  private final int port;
  private final @Nullable String file;
  private List<InetAddress> addresses = List.of();
  private Mono<Line> line = Mono.error(new IllegalStateException("no connection yet"));
  private Mono<InetSocketAddress> address = Mono.error(new IllegalStateException("no address yet"));

  Footing(ProbeResources resources, Sockets sockets, String host, int port) {
    this(resources, sockets, host, port, null);
  }

  /**
   * @param file the socket's file that is connected to instead; null: TCP
   */
  Footing(ProbeResources resources, Sockets sockets, String host, int port, @Nullable String file) {
    this.resources = resources;
    this.sockets = sockets;
    this.host = host;
    this.port = port;
    this.file = file;
  }

  List<Step> steps() {
    String path = file;
    if (path != null) {
      return List.of(new Step(Rung.TCP, TCP, limit -> local(path, limit)));
    }
    return List.of(new Step(Rung.DNS, DNS, this::dns), new Step(Rung.TCP, TCP, this::tcp));
  }

  /** The open connection, once the TCP rung held. */
  Mono<Line> line() {
    return line;
  }

  /** The address that answered, once the TCP rung held; there is none of a file. */
  Mono<InetSocketAddress> address() {
    return address;
  }

  private Mono<Note> dns(Duration limit) {
    return resources
        .names()
        .resolve(host)
        .doOnNext(found -> addresses = found)
        .then(Mono.<Note>empty());
  }

  private Mono<Note> tcp(Duration limit) {
    Duration own = limit.compareTo(MARGIN.multipliedBy(2)) > 0 ? limit.minus(MARGIN) : limit;
    return Flux.fromIterable(addresses)
        .flatMapSequential(a -> attempt(new InetSocketAddress(a, port), own))
        .collectList()
        .flatMap(this::judged);
  }

  /** No name and no network: there is a file, and somebody behind it. */
  private Mono<Note> local(String path, Duration limit) {
    return Line.connect(sockets, UnixDomainSocketAddress.of(path), limit)
        .doOnNext(connected -> line = Mono.just(connected))
        .map(connected -> Note.message("by " + path))
        .onErrorMap(
            failure -> RungFailure.signal(Signal.REFUSED, "Nobody listens at " + path + "."));
  }

  private Mono<Attempt> attempt(InetSocketAddress to, Duration limit) {
    return Line.connect(sockets, to, limit)
        .map(connected -> new Attempt(to, connected, null))
        .onErrorResume(failure -> Mono.just(new Attempt(to, null, failure)));
  }

  /**
   * One address that answers is enough. Silent ones of the same family are told: clients that pick
   * them fail. A missing second family is everyday and no news.
   */
  private Mono<Note> judged(List<Attempt> attempts) {
    Attempt good = attempts.stream().filter(a -> a.line() != null).findFirst().orElse(null);
    if (good == null || good.line() == null) {
      return Mono.error(firstFailure(attempts));
    }
    keep(good.to(), good.line());
    attempts.stream().filter(a -> !a.equals(good)).forEach(Attempt::close);
    List<String> dead =
        attempts.stream()
            .filter(a -> a.line() == null && a.sameFamily(good))
            .map(a -> a.to().getAddress().getHostAddress())
            .toList();
    return dead.isEmpty()
        ? Mono.empty()
        : Mono.just(new Note("No answer from " + String.join(", ", dead), Signal.PARTIAL, null));
  }

  private void keep(InetSocketAddress to, Line connected) {
    line = Mono.just(connected);
    address = Mono.just(to);
  }

  private static Throwable firstFailure(List<Attempt> attempts) {
    return attempts.stream()
        .map(Attempt::failure)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseGet(() -> RungFailure.unspecific("The name has no address."));
  }

  /** One address, tried: either a line or a failure. */
  private record Attempt(InetSocketAddress to, @Nullable Line line, @Nullable Throwable failure) {
    void close() {
      if (line != null) {
        line.close();
      }
    }

    boolean sameFamily(Attempt other) {
      return to.getAddress().getClass() == other.to.getAddress().getClass();
    }
  }
}

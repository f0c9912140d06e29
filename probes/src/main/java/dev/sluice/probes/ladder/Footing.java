package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Rung;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
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
  private List<InetAddress> addresses = List.of();
  private Mono<Line> line = Mono.error(new IllegalStateException("no connection yet"));
  private Mono<InetSocketAddress> address = line.map(Line::remote);

  Footing(ProbeResources resources, Sockets sockets, String host, int port) {
    this.resources = resources;
    this.sockets = sockets;
    this.host = host;
    this.port = port;
  }

  List<Step> steps() {
    return List.of(new Step(Rung.DNS, DNS, this::dns), new Step(Rung.TCP, TCP, this::tcp));
  }

  /** The open connection, once the TCP rung held. */
  Mono<Line> line() {
    return line;
  }

  /** The address that answered, once the TCP rung held. */
  Mono<InetSocketAddress> address() {
    return address;
  }

  private Mono<String> dns(Duration limit) {
    return resources
        .names()
        .resolve(host)
        .doOnNext(found -> addresses = found)
        .then(Mono.<String>empty());
  }

  private Mono<String> tcp(Duration limit) {
    Duration own = limit.compareTo(MARGIN.multipliedBy(2)) > 0 ? limit.minus(MARGIN) : limit;
    return Line.connect(sockets, addresses, port, own).doOnNext(this::keep).then(Mono.empty());
  }

  private void keep(Line connected) {
    line = Mono.just(connected);
    address = Mono.just(connected.remote());
  }
}

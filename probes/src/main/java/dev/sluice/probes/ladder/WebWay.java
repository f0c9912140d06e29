package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Rung;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The rungs to an HTTP or HTTPS address; one connection for all of them. */
final class WebWay implements Way {
  private static final Duration TLS = Duration.ofMillis(1_500);
  private static final Duration HTTP = Duration.ofMillis(1_500);

  private final URI url;
  private final ProbeResources resources;
  private final Footing footing;

  WebWay(URI url, ProbeResources resources, Sockets sockets) {
    this.url = url;
    this.resources = resources;
    footing = new Footing(resources, sockets, url.getHost(), port(url));
  }

  @Override
  public List<Step> steps(boolean full) {
    List<Step> steps = new ArrayList<>(footing.steps());
    if (secure(url)) {
      steps.add(new Step(Rung.TLS, TLS, this::tls));
    }
    steps.add(new Step(Rung.HTTP, HTTP, this::http));
    return steps;
  }

  private Mono<Note> tls(Duration limit) {
    return Mono.zip(resources.verifying(), footing.line())
        .flatMap(
            both -> both.getT2().secure(both.getT1(), resources.blocking(), url.getHost(), limit))
        .flatMap(Line::certificate)
        .flatMap(shown -> Validity.judged(shown, true));
  }

  private Mono<Note> http(Duration limit) {
    return footing
        .line()
        .flatMap(line -> line.exchange(request(), WebWay::status))
        .flatMap(WebWay::judged);
  }

  private static Mono<Note> judged(int status) {
    String text = "HTTP " + status;
    return status < 500 ? Mono.just(Note.message(text)) : Mono.error(RungFailure.unspecific(text));
  }

  private byte[] request() {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    String text =
        "GET "
            + path
            + query
            + " HTTP/1.1\r\nHost: "
            + authority()
            + "\r\nUser-Agent: sluice-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private String authority() {
    return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
  }

  /** The code of a status line such as {@code HTTP/1.1 204 No Content}. */
  static @Nullable Integer status(ByteBuf in) throws RungFailure {
    int end = in.bytesBefore((byte) '\n');
    if (end < 0) {
      return null;
    }
    String line = in.readCharSequence(end, StandardCharsets.US_ASCII).toString().strip();
    if (!line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
      throw RungFailure.unspecific("The answer is not HTTP/1.1.");
    }
    return Integer.valueOf(line.substring(9, 12));
  }

  private static boolean secure(URI url) {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  private static int port(URI url) {
    return url.getPort() >= 0 ? url.getPort() : secure(url) ? 443 : 80;
  }
}

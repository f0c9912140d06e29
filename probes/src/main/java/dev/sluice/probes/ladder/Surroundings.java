package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Rung;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The rungs that every climb begins with: this process itself, whose event loop has to answer, and
 * the metadata server of the cloud it runs in. The latter never ends a climb: a note tells that it
 * does not answer.
 */
final class Surroundings {
  /** A loop that is later than that was frozen, and so was everything that was measured with it. */
  private static final Duration FROZEN = Duration.ofSeconds(3);

  private static final Duration METADATA = Duration.ofMillis(500);
  private static final byte[] REQUEST =
      String.join(
              "\r\n",
              "GET /computeMetadata/v1/instance/id HTTP/1.1",
              "Host: metadata.google.internal",
              "Metadata-Flavor: Google",
              "Connection: close",
              "",
              "")
          .getBytes(StandardCharsets.US_ASCII);

  private final ProbeResources resources;
  private final Sockets sockets;

  Surroundings(ProbeResources resources, Sockets sockets) {
    this.resources = resources;
    this.sockets = sockets;
  }

  /**
   * Where the metadata server is, by the variables that Cloud Run and Google's own clients go by;
   * null where there is none.
   */
  static @Nullable InetSocketAddress metadata(UnaryOperator<@Nullable String> environment) {
    String told = environment.apply("GCE_METADATA_HOST");
    if (told != null && told.matches("[0-9.]{7,15}(:[0-9]{1,5})?")) {
      String[] parts = told.split(":");
      return new InetSocketAddress(parts[0], parts.length > 1 ? Integer.parseInt(parts[1]) : 80);
    }
    return environment.apply("K_SERVICE") == null
        ? null
        : new InetSocketAddress("169.254.169.254", 80);
  }

  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(Rung.SELF, FROZEN, limit -> self()));
    InetSocketAddress metadata = resources.metadata();
    if (metadata != null) {
      steps.add(new Step(Rung.METADATA, METADATA, limit -> metadata(metadata, limit)));
    }
    return steps;
  }

  /** How late the loop is that everything else is measured on. */
  private Mono<Note> self() {
    return Mono.create(sink -> resources.loops().next().execute(sink::success));
  }

  private Mono<Note> metadata(InetSocketAddress at, Duration limit) {
    // Before the rung's own deadline, which would end the climb.
    Duration own = limit.dividedBy(2);
    return Line.connect(sockets, at, own)
        .flatMap(line -> line.exchange(REQUEST, WebWay::status))
        .map(status -> Note.message("HTTP " + status))
        .timeout(own, Mono.just(Note.message("no answer")), resources.timer())
        .onErrorResume(failure -> Mono.just(Note.message("no answer")));
  }
}

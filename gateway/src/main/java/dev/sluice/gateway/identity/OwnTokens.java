package dev.sluice.gateway.identity;

import dev.sluice.config.Backend;
import dev.sluice.gateway.outbound.OutboundClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ID tokens in the gateway's own name, of the service account that it runs as: one for each
 * audience, from Google Cloud's metadata server, renewed four minutes before it ends on a thread of
 * its own. Whoever asks never waits.
 */
public final class OwnTokens implements AutoCloseable {
  /** The header that Cloud Run reads first, so that a caller's own Authorization is left alone. */
  public static final String HEADER = "x-serverless-authorization";

  private static final Logger LOG = LoggerFactory.getLogger("sluice.identity");
  private static final String PATH =
      "/computeMetadata/v1/instance/service-accounts/default/identity?format=full&audience=";
  private static final Duration EARLIER = Duration.ofMinutes(4);
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofSeconds(2);
  private static final int LARGEST = 16 * 1024;

  private final URI metadata;
  private final InstantSource clock;
  private final Map<String, Held> held = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(OwnTokens::thread);
  private final OutboundClient client = new OutboundClient(PATIENCE);

  /** What an audience is shown; without a token until the first one came. */
  private record Held(@Nullable String token, Instant ends) {
    static final Held NONE = new Held(null, Instant.EPOCH);
  }

  /**
   * @param metadata where the metadata server is
   */
  public OwnTokens(URI metadata, InstantSource clock) {
    this.metadata = metadata;
    this.clock = clock;
  }

  /** Where the metadata server is: by its address, or where {@code GCE_METADATA_HOST} says. */
  public static URI metadata(UnaryOperator<String> environment) {
    String host = environment.apply("GCE_METADATA_HOST");
    return URI.create("http://" + (host == null || host.isBlank() ? "169.254.169.254" : host));
  }

  private static Thread thread(Runnable run) {
    Thread thread = new Thread(run, "sluice-own-tokens");
    thread.setDaemon(true);
    return thread;
  }

  /** Begins to fetch for these backends; returns at once. */
  public void prepare(Collection<Backend> backends) {
    for (Backend backend : backends) {
      Backend.Auth auth = backend.auth();
      if (auth != null && held.putIfAbsent(auth.audience(), Held.NONE) == null) {
        thread.execute(() -> fetch(auth.audience()));
      }
    }
  }

  /** The token to show this backend; empty where it wants none, or none could be had so far. */
  public Optional<String> of(Backend backend) {
    Backend.Auth auth = backend.auth();
    Held now = auth == null ? null : held.get(auth.audience());
    return now == null || !now.ends().isAfter(clock.instant())
        ? Optional.empty()
        : Optional.ofNullable(now.token());
  }

  private void fetch(String audience) {
    Duration next = AGAIN;
    try {
      String token = text(audience);
      Instant ends = TokenVerifier.expires(token);
      if (ends == null) {
        throw new IOException("what came is no token");
      }
      held.put(audience, new Held(token, ends));
      Duration left = Duration.between(clock.instant(), ends.minus(EARLIER));
      next = left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    } catch (IOException | RuntimeException e) {
      LOG.warn("no ID token for {} from {}: {}", audience, metadata, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (!thread.isShutdown()) {
      thread.schedule(() -> fetch(audience), next.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private String text(String audience) throws IOException, InterruptedException {
    URI from = metadata.resolve(PATH + URLEncoder.encode(audience, StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(from).timeout(PATIENCE).header("Metadata-Flavor", "Google").build();
    HttpResponse<InputStream> answer =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() != 200) {
        throw new IOException("status " + answer.statusCode());
      }
      return new String(body.readNBytes(LARGEST), StandardCharsets.US_ASCII).strip();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}

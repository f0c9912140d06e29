package dev.sluice.gateway.identity;

import com.nimbusds.jose.jwk.JWKSet;
import dev.sluice.config.Backend;
import dev.sluice.config.TokenIssuer;
import dev.sluice.gateway.identity.TokenVerifier.Verified;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells callers by their tokens. Keys are fetched on a thread of its own, every five minutes, and
 * kept when they cannot be had; without any, nobody is known. What was verified is remembered until
 * it expires. Callable from event loops; nothing waits.
 */
public final class Identities implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.identity");
  private static final String BEARER = "Bearer ";
  private static final int REMEMBERED = 4096;
  private static final long EVERY_SECONDS = 300;
  private static final long AGAIN_SECONDS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int LARGEST = 1 << 20;

  private final Function<Backend, Optional<String>> own;
  private final @Nullable TokenIssuer issuer;
  private final InstantSource clock;
  private final AtomicReferenceArray<@Nullable Remembered> remembered =
      new AtomicReferenceArray<>(REMEMBERED);
  private final @Nullable ScheduledExecutorService fetching;
  private volatile @Nullable Keys keys;

  /** By the whole token: a hash alone could be another's. */
  private record Remembered(String token, int by, Verified verified) {}

  /** Keys as they were fetched, and for which time. */
  private record Keys(JWKSet set, int number) {}

  private Identities(
      @Nullable TokenIssuer issuer, InstantSource clock, Function<Backend, Optional<String>> own) {
    this.own = own;
    this.issuer = issuer;
    this.clock = clock;
    this.fetching =
        issuer == null ? null : Executors.newSingleThreadScheduledExecutor(Identities::thread);
  }

  private static Thread thread(Runnable run) {
    Thread thread = new Thread(run, "sluice-keys");
    thread.setDaemon(true);
    return thread;
  }

  /** Knows nobody. */
  public static Identities none() {
    return new Identities(null, InstantSource.fixed(Instant.EPOCH), backend -> Optional.empty());
  }

  /**
   * Knows callers by tokens of this issuer, once it has its keys; null knows nobody.
   *
   * @param own the token that shows a backend who the gateway is; empty where there is none
   */
  public static Identities of(
      @Nullable TokenIssuer issuer, InstantSource clock, Function<Backend, Optional<String>> own) {
    Identities identities = new Identities(issuer, clock, own);
    if (identities.fetching != null) {
      identities.fetching.execute(identities::fetch);
    }
    return identities;
  }

  /**
   * The text of a claim of the token in this Authorization field; null where there is no token that
   * is to be believed, or it has no such claim.
   */
  public @Nullable String claim(@Nullable String authorization, String name) {
    Verified verified = verified(authorization);
    Object value = verified == null ? null : verified.claims().get(name);
    String text = value instanceof String || value instanceof Number ? value.toString() : "";
    return text.isBlank() ? null : text;
  }

  /** Whether the token in this Authorization field is to be believed and says that this is so. */
  public boolean confirms(@Nullable String authorization, String name) {
    Verified verified = verified(authorization);
    return verified != null && Boolean.TRUE.equals(verified.claims().get(name));
  }

  /** The gateway's own token for this backend; empty where it wants none, or there is none. */
  public Optional<String> own(Backend backend) {
    return own.apply(backend);
  }

  /**
   * When the token in this Authorization field ends, by its own word: it is not verified. Null
   * where there is none that can be read.
   */
  public static @Nullable Instant expires(@Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? TokenVerifier.expires(authorization.substring(BEARER.length()).strip())
        : null;
  }

  private @Nullable Verified verified(@Nullable String authorization) {
    Keys known = keys;
    if (issuer == null || known == null || authorization == null) {
      return null;
    }
    return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? verified(authorization.substring(BEARER.length()).strip(), known, issuer)
        : null;
  }

  private @Nullable Verified verified(String token, Keys known, TokenIssuer believed) {
    int slot = Math.floorMod(token.hashCode(), REMEMBERED);
    Remembered before = remembered.get(slot);
    if (before != null && before.by() == known.number() && before.token().equals(token)) {
      return before.verified().expires().isAfter(clock.instant()) ? before.verified() : null;
    }
    Verified verified = new TokenVerifier(believed).verify(token, known.set(), clock.instant());
    if (verified != null) {
      remembered.set(slot, new Remembered(token, known.number(), verified));
    }
    return verified;
  }

  private void fetch() {
    long next = EVERY_SECONDS;
    TokenIssuer from = issuer;
    if (from != null) {
      try {
        Keys before = keys;
        int number = before == null ? 0 : before.number() + 1;
        keys = new Keys(JWKSet.parse(text(from.keys())), number);
      } catch (IOException | ParseException | RuntimeException e) {
        next = AGAIN_SECONDS;
        LOG.warn(
            "the keys of {} cannot be had from {}: {}", from.issuer(), from.keys(), e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    ScheduledExecutorService again = fetching;
    if (again != null && !again.isShutdown()) {
      again.schedule(this::fetch, next, TimeUnit.SECONDS);
    }
  }

  private static String text(URI from) throws IOException, InterruptedException {
    if (from.getScheme().equals("file")) {
      return Files.readString(Path.of(from));
    }
    HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    HttpRequest request = HttpRequest.newBuilder(from).timeout(PATIENCE).build();
    HttpResponse<InputStream> answer =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() != 200) {
        throw new IOException("status " + answer.statusCode());
      }
      return new String(body.readNBytes(LARGEST), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    if (fetching != null) {
      fetching.shutdownNow();
    }
  }
}

package dev.sluice.gateway.proxy;

import dev.sluice.config.Configuration;
import dev.sluice.config.Principal;
import dev.sluice.config.Route;
import dev.sluice.config.Writes;
import dev.sluice.fallback.request.Credentials;
import dev.sluice.gateway.identity.Identities;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whom a queued write belongs to, as a hash that tells nothing. */
final class Owner {
  private static final String NOBODY = "anonymous";

  private Owner() {}

  /**
   * SHA-256 in hex; null where the declared header is missing or given more than once, or the token
   * with the declared claim is not to be believed. Where nobody said whose requests are, their
   * credentials do: no two callers share an idempotency key.
   */
  static @Nullable String of(Principal principal, HttpHeaders headers, Identities identities) {
    if (principal instanceof Principal.Claim claim) {
      String value = identities.claim(headers.get(HttpHeaderNames.AUTHORIZATION), claim.name());
      return value == null ? null : sha256("claim " + claim.name() + " " + value);
    }
    if (principal instanceof Principal.Header header) {
      List<String> values = headers.getAll(header.name());
      boolean one = values.size() == 1 && !values.get(0).isBlank();
      return one
          ? sha256("header " + header.name().toLowerCase(Locale.ROOT) + " " + values.get(0))
          : null;
    }
    return sha256(
        principal instanceof Principal.Public
            ? "public"
            : NOBODY + Credentials.digest(headers.entries()));
  }

  /**
   * Who that is, in words that may be kept and told to the backend; null where nobody is named, or
   * by credentials alone.
   */
  static @Nullable String named(Principal principal, HttpHeaders headers, Identities identities) {
    if (principal instanceof Principal.Claim claim) {
      return identities.claim(headers.get(HttpHeaderNames.AUTHORIZATION), claim.name());
    }
    if (!(principal instanceof Principal.Header header)) {
      return null;
    }
    String value = headers.get(header.name());
    boolean credential = value == null || Credentials.in(List.of(Map.entry(header.name(), value)));
    return credential ? null : value;
  }

  /**
   * All that a request may ask for as. A write that came without credentials is anybody's who knows
   * its id, whatever a browser adds when it asks.
   */
  static Set<String> candidates(Principal principal, HttpHeaders headers, Identities identities) {
    String owner = of(principal, headers, identities);
    if (owner == null) {
      return Set.of();
    }
    String nobody = sha256(NOBODY);
    return principal instanceof Principal.Anonymous && !owner.equals(nobody)
        ? Set.of(owner, nobody)
        : Set.of(owner);
  }

  /** All that a request may ask for as where routes declare whose writes are whose. */
  static Set<String> declared(Configuration of, HttpHeaders headers, Identities identities) {
    Set<String> owners = new LinkedHashSet<>();
    for (Route route : of.routes()) {
      Writes writes = route.writes();
      if (writes != null
          && (writes.principal() instanceof Principal.Header
              || writes.principal() instanceof Principal.Claim)) {
        owners.addAll(candidates(writes.principal(), headers, identities));
      }
    }
    return owners;
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

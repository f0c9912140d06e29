package dev.sluice.config;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads what a route says of its writes. */
final class WritesReader {
  private static final int LARGEST = 8 << 20;
  private static final int LEAST_KEY = 16;

  private WritesReader() {}

  static Writes read(Fields f) {
    Principal principal = Tokens.principal(f);
    Writes writes =
        new Writes(
            f.choice("accept", Writes.Accept.WHEN_PREFERRED),
            f.has("replay-as") ? f.choice("replay-as", Writes.ReplayAs.GATEWAY) : null,
            principal,
            f.duration("ttl", Duration.ofHours(24)),
            (int) f.bytes("max-body", 1 << 20, LARGEST),
            f.duration("max-tail", Duration.ofSeconds(60)),
            f.flag("require-key", false),
            f.flag("backend-honours-idempotency-key", false),
            f.choice("on-dead", Writes.OnDead.CONTINUE),
            quota(f, principal),
            f.has("notify") ? webhook(f.section("notify")) : null);
    f.end();
    return writes;
  }

  /** Where everybody is the same principal a quota would be one for all: there must be one said. */
  private static Writes.@Nullable Quota quota(Fields f, Principal principal) {
    Fields quota = f.section("quota");
    boolean said = f.has("quota");
    Writes.Quota usual = Writes.Quota.DEFAULT;
    Writes.Quota read =
        new Writes.Quota(
            quota.number("records", usual.records(), 1, 1_000_000),
            quota.bytes("bytes", usual.bytes(), 1L << 40));
    quota.end();
    boolean told = principal instanceof Principal.Header || principal instanceof Principal.Claim;
    return said || told ? read : null;
  }

  private static Writes.@Nullable Webhook webhook(Fields f) {
    Scalar url = f.requiredScalar("url");
    Scalar key = f.requiredScalar("key");
    f.end();
    URI to = url == null ? null : Addresses.httpUrl(url.text());
    if (url != null && to == null) {
      f.problems()
          .error(
              url.place(),
              "url must be an http or https URL without user info",
              "such as https://orders.example/hooks/sluice");
    }
    if (key != null && key.text().length() < LEAST_KEY) {
      f.problems()
          .error(
              key.place(),
              "the key that signs notices is shorter than " + LEAST_KEY + " characters",
              "openssl rand -base64 32 makes one");
    }
    return to == null || key == null ? null : new Writes.Webhook(to, new Secret(key.text()));
  }
}

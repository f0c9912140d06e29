package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/** A route with every default filled in. */
final class EffectiveRoute {
  private EffectiveRoute() {}

  static void write(YamlText yaml, Route route) {
    yaml.text("id", route.id());
    yaml.append(
        yaml.section("match")
            .text("path", route.match().path())
            .texts("methods", route.match().methods().stream().sorted().toList()));
    yaml.text("backend", route.backend())
        .text("impact", route.impact())
        .word("kind", route.kind())
        .word("mode", route.mode())
        .needs("uses", route.uses(), route.required())
        .flag("essential", route.essential());
    Reads reads = route.reads();
    if (reads != null) {
      yaml.append(reads(yaml.section("reads"), reads));
    }
    Writes writes = route.writes();
    if (writes != null) {
      yaml.append(writes(yaml.section("writes"), writes));
    }
    yaml.duration("deadline", route.deadline());
    Retry retry = route.retry();
    if (retry != null) {
      yaml.append(retry(yaml.section("retry"), retry));
    }
    RateLimit limit = route.rateLimit();
    if (limit != null) {
      yaml.append(rateLimit(yaml.section("rate-limit"), limit));
    }
    if (!route.filters().isEmpty()) {
      EffectiveFilters.write(yaml, route.filters());
    }
    Route.WebSocket webSocket = route.webSocket();
    if (webSocket != null) {
      yaml.append(yaml.section("websocket").duration("idle", webSocket.idle()));
    }
    yaml.word("on-infrastructure-failure", route.onInfrastructureFailure());
  }

  private static YamlText reads(YamlText yaml, Reads reads) {
    yaml.word("cache", reads.cache())
        .text("principal", principal(reads.principal()))
        .duration("max-stale", reads.maxStale())
        .size("max-object", reads.maxObject())
        .flag("override-cache-control", reads.overrideCacheControl())
        .flag("strip-set-cookie", reads.stripSetCookie());
    if (reads.standard()) {
      yaml.flag("heuristic", reads.heuristics())
          .duration("revalidate-deadline", reads.revalidateDeadline());
    }
    if (!reads.instead().isEmpty()) {
      yaml.texts("instead", reads.instead());
    }
    if (!reads.credentialHeaders().isEmpty()) {
      yaml.texts("credential-headers", reads.credentialHeaders());
    }
    yaml.flag("refetch", reads.refetch());
    Reads.Prefetch prefetch = reads.prefetch();
    if (prefetch != null) {
      yaml.append(
          yaml.section("prefetch")
              .text("host", prefetch.host())
              .texts("paths", prefetch.targets())
              .duration("every", prefetch.every()));
    }
    return yaml;
  }

  private static YamlText writes(YamlText yaml, Writes writes) {
    yaml.word("accept", writes.accept())
        .word("replay-as", writes.replayAs())
        .text("principal", principal(writes.principal()))
        .duration("ttl", writes.ttl())
        .size("max-body", writes.maxBody())
        .duration("max-tail", writes.maxTail())
        .flag("require-key", writes.requireKey())
        .flag("backend-honours-idempotency-key", writes.backendHonoursIdempotencyKey())
        .word("on-dead", writes.onDead());
    Writes.Quota quota = writes.quota();
    if (quota != null) {
      yaml.append(
          yaml.section("quota").number("records", quota.records()).size("bytes", quota.bytes()));
    }
    Writes.Webhook webhook = writes.webhook();
    if (webhook != null) {
      yaml.append(
          yaml.section("notify").url("url", webhook.url().toString()).secret("key", webhook.key()));
    }
    return yaml;
  }

  private static YamlText retry(YamlText yaml, Retry retry) {
    return yaml.number("times", retry.times())
        .texts("on", retry.on().stream().sorted().map(Values::word).toList())
        .duration("per-try-deadline", retry.perTryDeadline());
  }

  private static YamlText rateLimit(YamlText yaml, RateLimit limit) {
    return yaml.number("requests", limit.requests())
        .duration("per", limit.per())
        .number("burst", limit.burst())
        .text("by", limit.header() == null ? "client" : "header(" + limit.header() + ")");
  }

  private static @Nullable String principal(Principal principal) {
    if (principal instanceof Principal.Header header) {
      return "header(" + header.name() + ")";
    }
    if (principal instanceof Principal.Claim claim) {
      return "jwt(" + claim.name() + ")";
    }
    return principal instanceof Principal.Public ? "public" : null;
  }
}

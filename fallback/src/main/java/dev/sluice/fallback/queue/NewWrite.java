package dev.sluice.fallback.queue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A write as the client sent it, byte for byte, before it has an id.
 *
 * @param target path and query exactly as received
 * @param host the request's authority
 * @param headers those that a replay sends, in order, {@code If-Match} among them
 * @param body not copied: neither side changes it afterwards
 * @param orderingKey writes with the same one go one after the other; null goes in parallel
 * @param clientKey the client's {@code Idempotency-Key}; null when it sent none
 * @param fingerprint see {@link Fingerprint}
 * @param principalHash SHA-256 in hex of whom the write belongs to
 * @param ttl how long it may wait
 * @param principal on whose behalf the gateway replays it, in the clear; null where nobody is named
 */
@SuppressWarnings("ArrayRecordComponent")
public record NewWrite(
    String routeId,
    String method,
    String target,
    String host,
    List<Map.Entry<String, String>> headers,
    byte[] body,
    @Nullable String orderingKey,
    @Nullable String clientKey,
    String fingerprint,
    String principalHash,
    Duration ttl,
    @Nullable String principal) {
  public NewWrite {
    headers = List.copyOf(headers);
  }

  /** On nobody's behalf. */
  public NewWrite(
      String routeId,
      String method,
      String target,
      String host,
      List<Map.Entry<String, String>> headers,
      byte[] body,
      @Nullable String orderingKey,
      @Nullable String clientKey,
      String fingerprint,
      String principalHash,
      Duration ttl) {
    this(
        routeId,
        method,
        target,
        host,
        headers,
        body,
        orderingKey,
        clientKey,
        fingerprint,
        principalHash,
        ttl,
        null);
  }

  /** The same write with an empty body, for lists. */
  public NewWrite withoutBody() {
    return new NewWrite(
        routeId,
        method,
        target,
        host,
        headers,
        new byte[0],
        orderingKey,
        clientKey,
        fingerprint,
        principalHash,
        ttl,
        principal);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NewWrite that
        && routeId.equals(that.routeId)
        && method.equals(that.method)
        && target.equals(that.target)
        && host.equals(that.host)
        && headers.equals(that.headers)
        && Arrays.equals(body, that.body)
        && Objects.equals(orderingKey, that.orderingKey)
        && Objects.equals(clientKey, that.clientKey)
        && fingerprint.equals(that.fingerprint)
        && principalHash.equals(that.principalHash)
        && ttl.equals(that.ttl)
        && Objects.equals(principal, that.principal);
  }

  @Override
  public int hashCode() {
    return Objects.hash(routeId, method, target, fingerprint, principalHash);
  }

  @Override
  public String toString() {
    return "NewWrite[" + method + " of route " + routeId + ", " + body.length + " bytes]";
  }
}

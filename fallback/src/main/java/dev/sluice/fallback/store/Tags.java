package dev.sluice.fallback.store;

import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.queue.NewWrite;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/** Stands for what must not lie in the clear: equal values have equal tags under one salt. */
final class Tags {
  private final Mac keyed;

  Tags(byte[] salt) {
    this.keyed = Digests.keyed(salt);
  }

  String order(String orderingKey) {
    return Digests.tag(keyed, "order", orderingKey);
  }

  @Nullable String order(NewWrite write) {
    String key = write.orderingKey();
    return key == null ? null : order(key);
  }

  String principal(String principalHash) {
    return Digests.tag(keyed, "principal", principalHash);
  }

  String idempotency(String principalHash, String routeId, String clientKey) {
    return Digests.tag(keyed, "idempotency", principalHash, routeId, clientKey);
  }

  @Nullable String idempotency(NewWrite write) {
    String key = write.clientKey();
    return key == null ? null : idempotency(write.principalHash(), write.routeId(), key);
  }

  /** Of all copies of a target. */
  String place(String host, String target) {
    return Digests.tag(keyed, "copies", host, target);
  }

  /** Of all copies under a key. */
  String entry(CopyKey key) {
    return Digests.tag(keyed, "copy", key.routeId(), key.host(), key.target(), key.principal());
  }

  /** Of one of them. */
  String variant(CopyKey key, String variant) {
    return Digests.tag(keyed, "variant", entry(key), variant);
  }

  String fingerprint(NewWrite write) {
    return Digests.tag(keyed, "fingerprint", write.fingerprint());
  }
}

package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.NewWrite;
import org.jspecify.annotations.Nullable;

/** Stands for what must not lie in the clear: equal values have equal tags under one salt. */
final class Tags {
  private final byte[] salt;

  Tags(byte[] salt) {
    this.salt = salt.clone();
  }

  String order(String orderingKey) {
    return Digests.tag(salt, "order", orderingKey);
  }

  @Nullable String order(NewWrite write) {
    String key = write.orderingKey();
    return key == null ? null : order(key);
  }

  String principal(String principalHash) {
    return Digests.tag(salt, "principal", principalHash);
  }

  String idempotency(String principalHash, String routeId, String clientKey) {
    return Digests.tag(salt, "idempotency", principalHash, routeId, clientKey);
  }

  @Nullable String idempotency(NewWrite write) {
    String key = write.clientKey();
    return key == null ? null : idempotency(write.principalHash(), write.routeId(), key);
  }

  String fingerprint(NewWrite write) {
    return Digests.tag(salt, "fingerprint", write.fingerprint());
  }
}

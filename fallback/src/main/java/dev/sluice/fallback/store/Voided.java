package dev.sluice.fallback.store;

import dev.sluice.fallback.cache.CopyKey;
import org.jspecify.annotations.Nullable;

/**
 * What is void.
 *
 * @param key null for all that is kept of the target
 */
record Voided(String host, String target, @Nullable CopyKey key) {
  static Voided entry(CopyKey key) {
    return new Voided(key.host(), key.target(), key);
  }

  static Voided place(String host, String target) {
    return new Voided(host, target, null);
  }
}

package dev.sluice.fallback.store;

import dev.sluice.config.Secret;
import dev.sluice.config.Store;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Seals bytes with AES-256-GCM, bound to the place they belong to; clear when there is no key. */
final class Seal {
  /** The key id of what is not sealed. */
  static final String CLEAR = "";

  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  /** To find the algorithm costs more than to seal a small record. */
  private static final ThreadLocal<Cipher> CIPHER = ThreadLocal.withInitial(Seal::cipher);

  private final SecureRandom random = new SecureRandom();
  private final @Nullable SecretKeySpec key;
  private final String keyId;
  private final Map<String, SecretKeySpec> known = new HashMap<>();

  private Seal(byte @Nullable [] key) {
    this.key = key == null ? null : new SecretKeySpec(key, "AES");
    this.keyId = key == null ? CLEAR : id(key);
    if (this.key != null) {
      known.put(keyId, this.key);
    }
  }

  private static String id(byte[] key) {
    return Digests.tag(Digests.keyed(key), "key-id").substring(0, 8);
  }

  /** With the store's key, and the old ones, which only open. */
  static Seal forStore(Store store) {
    Seal seal = of(store.key());
    for (Secret old : store.oldKeys()) {
      byte[] bytes = bytes(old);
      seal.known.put(id(bytes), new SecretKeySpec(bytes, "AES"));
    }
    return seal;
  }

  /**
   * Reads the key, 32 bytes in base64.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static Seal of(@Nullable Secret secret) {
    return new Seal(secret == null ? null : bytes(secret));
  }

  private static byte[] bytes(Secret secret) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(secret.reveal().strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("its key is not base64");
    }
    if (key.length != 32) {
      throw new IllegalArgumentException("its key has " + key.length + " bytes instead of 32");
    }
    return key;
  }

  /** Names the key without telling it. */
  String keyId() {
    return keyId;
  }

  boolean opens(String sealedBy) {
    return sealedBy.equals(CLEAR) || known.containsKey(sealedBy);
  }

  /** Seals with the store's key. */
  byte[] close(byte[] bytes, String place) {
    return key == null ? bytes : close(bytes, key, place);
  }

  /** Seals with the key that sealed what these bytes belong to. */
  byte[] close(byte[] bytes, String sealedBy, String place) {
    SecretKeySpec by = known.get(sealedBy);
    return by == null ? bytes : close(bytes, by, place);
  }

  private byte[] close(byte[] bytes, SecretKeySpec by, String place) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    byte[] sealed = apply(by, Cipher.ENCRYPT_MODE, nonce, bytes, 0, place);
    byte[] out = Arrays.copyOf(nonce, NONCE + sealed.length);
    System.arraycopy(sealed, 0, out, NONCE, sealed.length);
    return out;
  }

  byte[] open(byte[] sealed, String sealedBy, String place) {
    if (sealedBy.equals(CLEAR)) {
      return sealed;
    }
    SecretKeySpec by = known.get(sealedBy);
    if (by == null) {
      throw new DamagedRecord(place + " is sealed with key " + sealedBy + ", which is not at hand");
    }
    if (sealed.length < NONCE) {
      throw new DamagedRecord(place + " is cut off");
    }
    return apply(by, Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE), sealed, NONCE, place);
  }

  private static Cipher cipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES in GCM", e);
    }
  }

  private static byte[] apply(
      SecretKeySpec key, int mode, byte[] nonce, byte[] input, int from, String place) {
    try {
      Cipher cipher = CIPHER.get();
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input, from, input.length - from);
    } catch (GeneralSecurityException e) {
      throw new DamagedRecord(place + " does not open with its key");
    }
  }
}

package dev.sluice.fallback.cache;

import dev.sluice.fallback.request.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The copies under one key, told apart by the request headers that Vary names. Immutable; values of
 * request headers are kept as hashes alone.
 */
record Variants(List<String> names, Map<String, StoredCopy> copies, long weight) {
  static final int MOST = 16;

  private static final int OVERHEAD = 256;
  private static final int PER_VARIANT = 160;

  /** The names in Vary in lower case, sorted. */
  static List<String> names(StoredCopy copy) {
    return HeaderLines.tokens(copy.headers(), "Vary").stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .toList();
  }

  /** This with one copy more; other names than before drop all others, the oldest goes first. */
  static Variants with(
      @Nullable Variants before, Function<String, @Nullable String> request, StoredCopy copy) {
    List<String> names = names(copy);
    Map<String, StoredCopy> copies = new LinkedHashMap<>();
    if (before != null && before.names.equals(names)) {
      copies.putAll(before.copies);
    }
    String variant = variant(names, request);
    copies.remove(variant);
    copies.put(variant, copy);
    if (copies.size() > MOST) {
      copies.remove(copies.keySet().iterator().next());
    }
    return new Variants(names, copies, weigh(names, copies));
  }

  @Nullable StoredCopy find(Function<String, @Nullable String> request) {
    return copies.get(variant(names, request));
  }

  private static long weigh(List<String> names, Map<String, StoredCopy> copies) {
    long bytes = OVERHEAD;
    for (String name : names) {
      bytes += PER_VARIANT + name.length();
    }
    for (StoredCopy copy : copies.values()) {
      bytes += PER_VARIANT + copy.weight();
    }
    return bytes;
  }

  private static String variant(List<String> names, Function<String, @Nullable String> request) {
    if (names.isEmpty()) {
      return "";
    }
    Digest digest = new Digest();
    for (String name : names) {
      String value = request.apply(name);
      digest.add(name).add(name.equals("accept-encoding") ? codings(value) : spaced(value));
    }
    return digest.hex();
  }

  private static @Nullable String spaced(@Nullable String value) {
    return value == null ? null : value.strip();
  }

  /** The codings that are accepted and those refused, whatever their order and weight. */
  private static @Nullable String codings(@Nullable String value) {
    if (value == null) {
      return null;
    }
    Set<String> codings = new TreeSet<>();
    for (String member : value.toLowerCase(Locale.ROOT).split(",", -1)) {
      List<String> parts = new ArrayList<>(List.of(member.replaceAll("\\s", "").split(";", -1)));
      String coding = parts.remove(0);
      if (!coding.isEmpty()) {
        codings.add(parts.stream().anyMatch(Variants::zero) ? "!" + coding : coding);
      }
    }
    return String.join(",", codings);
  }

  private static boolean zero(String parameter) {
    return parameter.matches("q=0(\\.0*)?");
  }
}

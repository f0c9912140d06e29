package dev.sluice.fallback.cache;

import dev.sluice.fallback.request.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The copies under one key, told apart by the request headers that Vary names. Immutable; values of
 * request headers are kept as hashes alone, save the codings that are accepted.
 */
final class Variants {
  static final int MOST = 16;

  private static final int OVERHEAD = 256;
  private static final int PER_VARIANT = 160;
  private static final String ENCODING = "accept-encoding";

  private final List<String> names;
  private final String[] tags;
  private final StoredCopy[] copies;

  private Variants(List<String> names, String[] tags, StoredCopy[] copies) {
    this.names = names;
    this.tags = tags;
    this.copies = copies;
  }

  /** The names in Vary in lower case, sorted. */
  static List<String> names(StoredCopy copy) {
    return copy.fields().has("Vary")
        ? HeaderLines.tokens(copy.headers(), "Vary").stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .toList()
        : List.of();
  }

  /** This with one copy more; other names than before drop all others, the oldest goes first. */
  static Variants with(@Nullable Variants before, HeaderFields request, StoredCopy copy) {
    List<String> names = names(copy);
    return with(before, names, tag(names, request), copy);
  }

  /** The same of a copy whose tag is known. */
  static Variants with(@Nullable Variants before, List<String> names, String tag, StoredCopy copy) {
    List<String> tags = new ArrayList<>();
    List<StoredCopy> copies = new ArrayList<>();
    if (before != null && before.names.equals(names)) {
      tags.addAll(Arrays.asList(before.tags));
      copies.addAll(Arrays.asList(before.copies));
    }
    int known = tags.indexOf(tag);
    if (known >= 0 || tags.size() == MOST) {
      tags.remove(Math.max(0, known));
      copies.remove(Math.max(0, known));
    }
    tags.add(tag);
    copies.add(copy);
    return new Variants(names, tags.toArray(String[]::new), copies.toArray(StoredCopy[]::new));
  }

  @Nullable StoredCopy find(HeaderFields request) {
    if (names.isEmpty()) {
      return copies[0];
    }
    String tag = tag(names, request);
    for (int i = 0; i < tags.length; i++) {
      if (tags[i].equals(tag)) {
        return copies[i];
      }
    }
    return null;
  }

  /** Whether one of those that this copy would take the place of is as new as it. */
  boolean asNew(List<String> named, String tag, StoredCopy copy) {
    for (int i = 0; i < tags.length; i++) {
      boolean replaced = !names.equals(named) || tags[i].equals(tag);
      if (replaced && !copies[i].storedAt().isBefore(copy.storedAt())) {
        return true;
      }
    }
    return false;
  }

  List<StoredCopy> copies() {
    return List.of(copies);
  }

  /** The headers that do. */
  List<String> names() {
    return names;
  }

  long weight() {
    long bytes = OVERHEAD;
    for (String name : names) {
      bytes += PER_VARIANT + name.length();
    }
    for (StoredCopy copy : copies) {
      bytes += PER_VARIANT + copy.weight();
    }
    return bytes;
  }

  /** What tells this request from others to which another answer may belong. */
  static String tag(List<String> names, HeaderFields request) {
    if (names.isEmpty()) {
      return "";
    }
    if (names.size() == 1 && names.get(0).equals(ENCODING)) {
      String codings = list(request.joined(ENCODING), true);
      return codings == null ? "none" : "codings " + codings;
    }
    Digest digest = new Digest();
    for (String name : names) {
      digest.add(name).add(normal(name, request.joined(name)));
    }
    return digest.hex();
  }

  private static @Nullable String normal(String name, @Nullable String value) {
    return switch (name) {
      case ENCODING -> list(value, true);
      case "accept-language" -> list(value, false);
      default -> value == null ? null : spaced(value);
    };
  }

  /** Space around commas means nothing (RFC 9111, section 4.1); within quotes it stays. */
  private static String spaced(String value) {
    return value.indexOf('"') >= 0
        ? value.strip()
        : value.strip().replaceAll("[ \\t]*,[ \\t]*", ",");
  }

  /**
   * The members whatever their order and case; of codings those that are accepted and those
   * refused, whatever their weight.
   */
  private static @Nullable String list(@Nullable String value, boolean weightless) {
    if (value == null) {
      return null;
    }
    Set<String> members = new TreeSet<>();
    for (String member : value.toLowerCase(Locale.ROOT).split(",", -1)) {
      String dense = member.replaceAll("\\s", "");
      if (!dense.isEmpty()) {
        members.add(weightless ? weightless(dense) : dense);
      }
    }
    return String.join(",", members);
  }

  private static String weightless(String member) {
    String coding = member.split(";", 2)[0];
    return member.matches(".*;q=0(\\.0*)?") ? "!" + coding : coding;
  }
}

package dev.sluice.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what was probably meant by a misspelled word. */
final class Nearest {
  private Nearest() {}

  /** {@code did you mean 'x'?} for the candidate nearest to the word; null when none is near. */
  static @Nullable String hint(String word, Collection<String> candidates) {
    int bound = Math.max(1, Math.min(3, word.length() / 3));
    return candidates.stream()
        .filter(c -> word.length() <= 64 && distance(folded(word), folded(c)) <= bound)
        .min(
            Comparator.comparingInt((String c) -> distance(folded(word), folded(c)))
                .thenComparing(Comparator.naturalOrder()))
        .map(c -> "did you mean '" + c + "'?")
        .orElse(null);
  }

  private static String folded(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}

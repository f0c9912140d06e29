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

  /** Letters added, lost, changed or swapped with their neighbour. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : step(a, b, d, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(String a, String b, int[][] d, int i, int j) {
    char x = a.charAt(i - 1);
    char y = b.charAt(j - 1);
    int best = Math.min(d[i - 1][j - 1] + (x == y ? 0 : 1), 1 + Math.min(d[i - 1][j], d[i][j - 1]));
    boolean swapped = i > 1 && j > 1 && x == b.charAt(j - 2) && a.charAt(i - 2) == y;
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}

package dev.sluice.gateway.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The held writes, wherever they are: in a file, in a shared database, at a running gateway. */
interface Held extends AutoCloseable {
  /** How many by state, in the order of the states. */
  Map<String, Long> counts();

  /** The oldest. */
  List<Shown> list(int limit);

  Optional<Shown> find(String id);

  /** What is wrong with what is kept; null when nothing is. */
  @Nullable String verify();

  /** Puts an ended one back; false where its state does not allow it, or there is none. */
  boolean retry(String id);

  /** Withdraws a waiting one; false where its state does not allow it, or there is none. */
  boolean discard(String id);

  /** Seals everything with the key that holds; how many records were sealed anew. */
  int rekey();

  @Override
  void close();

  /** What keeps a command from its work, in a sentence with the way out. */
  final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreachable(String message) {
      super(message);
    }
  }
}

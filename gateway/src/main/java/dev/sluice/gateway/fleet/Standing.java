package dev.sluice.gateway.fleet;

import java.util.List;
import java.util.Locale;

/**
 * How this gateway stands among those that share its store.
 *
 * @param epoch under which it leads; 0 where it leads by no lease
 * @param others as of the last time that they were heard of
 */
public record Standing(Role role, long epoch, List<Member> others) {
  /** There is nobody else, or the store has not answered since the start. */
  public static final Standing ALONE = new Standing(Role.ALONE, 0, List.of());

  /** What it does for all. */
  public enum Role {
    /** It speaks for itself: there is no store that others share, or it was never reached. */
    ALONE,
    /** It speaks for all. */
    LEADER,
    /** Another one does. */
    MEMBER,
    /** The store is away: it goes on to speak for all, since it did before. */
    CUT_OFF,
    /** The store is away: another one speaks, or nobody can tell. */
    WAITING;

    /** As people read it: {@code cut off}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  public Standing {
    others = List.copyOf(others);
  }

  /** Whether it tells teams, and does what is to be done once for all. */
  public boolean speaks() {
    return role != Role.MEMBER && role != Role.WAITING;
  }
}

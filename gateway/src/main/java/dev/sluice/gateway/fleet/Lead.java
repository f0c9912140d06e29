package dev.sluice.gateway.fleet;

import dev.sluice.gateway.fleet.Standing.Role;
import java.time.Duration;
import java.util.List;

/**
 * Who speaks, by what a gateway heard and when. A leader that was held up for longer than its lease
 * says nothing until it has asked again. While nobody can be asked the last leader goes on; should
 * it be gone too, the first of the others by its id speaks after {@link #DEPUTY_AFTER}, and no more
 * than that one. Belongs to one thread; reads no clock.
 */
public final class Lead {
  /** How long the last leader is waited for where nobody can be asked. */
  public static final Duration DEPUTY_AFTER = Duration.ofMinutes(2);

  /** Failed questions in a row after which the store counts as away. */
  static final int AWAY = 3;

  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final String id;
  private final long lease;
  private boolean heard;
  private boolean leads;
  private long epoch;
  private long until;
  private long heardAt;
  private int failures;
  private List<Member> others = List.of();

  /**
   * @param lease how long a leader leads without asking
   */
  public Lead(String id, Duration lease) {
    this.id = id;
    this.lease = lease.minus(MARGIN).toNanos();
  }

  /**
   * The store answered.
   *
   * @param asked when it was asked, in nanoseconds
   */
  public void heard(boolean nowLeads, long nowEpoch, List<Member> nowOthers, long asked) {
    heard = true;
    leads = nowLeads;
    epoch = nowEpoch;
    until = asked + lease;
    heardAt = asked;
    failures = 0;
    others = List.copyOf(nowOthers);
  }

  /** It did not. */
  public void failed() {
    failures++;
  }

  /** How it stands now, in nanoseconds. */
  public Standing standing(long now) {
    if (!heard) {
      return failures < AWAY ? new Standing(Role.WAITING, 0, List.of()) : Standing.ALONE;
    }
    if (failures < AWAY) {
      boolean valid = leads && now - until < 0;
      return new Standing(valid ? Role.LEADER : Role.MEMBER, valid ? epoch : 0, others);
    }
    return new Standing(leads || deputy(now) ? Role.CUT_OFF : Role.WAITING, 0, others);
  }

  private boolean deputy(long now) {
    return now - heardAt >= DEPUTY_AFTER.toNanos()
        && others.stream()
            .filter(each -> !each.leads())
            .noneMatch(each -> each.id().compareTo(id) < 0);
  }
}

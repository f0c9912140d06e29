package dev.sluice.probes.verdict;

/**
 * Who held a server's connections when it was last asked. The application's are those of other
 * roles than the probe's in the same database: that much every role may see. Sessions of the
 * probe's own role, beside the one that asks, may be anybody's who shares it.
 *
 * @param slots for roles without a reserve
 * @param probes of the probe's own role, in any database
 * @param others of other roles in other databases
 * @param largest the role and the application name that hold most
 * @param left how many more the limits of the probe's own role and of its database allow
 */
public record Sessions(
    int slots, int application, int probes, int others, String largest, int left) {
  /** Neither role nor database has a limit of its own. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** Where neither role nor database has a limit of its own. */
  public Sessions(int slots, int application, int probes, int others, String largest) {
    this(slots, application, probes, others, largest, UNLIMITED);
  }

  /** True when the application held most of what was held, and that was half of all or more. */
  boolean mostlyApplication() {
    return telling() && application * 2 > used();
  }

  /** True when other databases did. */
  boolean mostlyOthers() {
    return telling() && others * 2 > used();
  }

  /** A server that was nearly idle when last seen does not tell who filled it since. */
  private boolean telling() {
    return used() * 2 >= slots;
  }

  /** Slots that nobody holds and the probe's role may take. */
  public int free() {
    return Math.max(0, Math.min(left, slots - used()));
  }

  private int used() {
    return application + probes + others;
  }

  @Override
  public String toString() {
    return "%d of %d slots taken: %d by the application, %d by the probe's role, %d by others; most by %s"
        .formatted(used(), slots, application, probes, others, largest);
  }
}

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
 */
public record Sessions(int slots, int application, int probes, int others, String largest) {
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

  /** Slots that nobody holds. */
  public int free() {
    return Math.max(0, slots - used());
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

package dev.sluice.probes.verdict;

/**
 * The words a rung may use in {@link Sample#signal()} for what it saw on the wire. They are finer
 * than an exception: a rung sets one whenever it knows.
 */
public final class Signal {
  public static final String TIMEOUT = "timeout";
  public static final String REFUSED = "refused";
  public static final String NO_ROUTE = "no-route";
  public static final String UNREACHABLE = "unreachable";
  public static final String NO_SUCH_NAME = "no-such-name";
  public static final String SERVER_FAILURE = "server-failure";
  public static final String EOF = "eof";
  public static final String RESET = "reset";
  public static final String SILENT = "silent";

  /** The server answered N to an SSLRequest although TLS is demanded. */
  public static final String NO_TLS = "no-tls";

  public static final String CERTIFICATE = "certificate";
  public static final String HANDSHAKE = "handshake";

  /** Some addresses of the name answer and some do not; on a sample that may be ok. */
  public static final String PARTIAL = "partial";

  /** The rung RECOVERY found a node that takes no writes; on a sample that may be ok. */
  public static final String READ_ONLY = "read-only";

  /** The deadline of the rung or of its tier passed while a query ran. */
  public static final String SLOW = "slow";

  /** The process was frozen while the rung ran. */
  public static final String FROZEN = "frozen";

  /** An address that answers something other than the protocol. */
  public static final String NOT_POSTGRES = "not-postgres";

  public static final String NOT_REDIS = "not-redis";

  /** The server knows neither this user nor this password. */
  public static final String LOGIN_REFUSED = "login-refused";

  /** The server takes no clients from here. */
  public static final String CLIENT_REFUSED = "client-refused";

  /** The server is not ready yet. */
  public static final String STARTING = "starting";

  /** The server has no connection left. */
  public static final String NO_SLOT = "no-slot";

  private Signal() {}

  /** The signal of a rung that had no answer within its deadline. */
  public static String overdue(Rung rung) {
    if (rung.tier() != Tier.CONNECT && rung != Rung.HTTP) {
      return SLOW;
    }
    return rung == Rung.TCP ? TIMEOUT : SILENT;
  }
}

package dev.sluice.probes.verdict;

/** The steps of the ladder, in the order in which they are climbed. */
public enum Rung {
  /** This process: was it frozen while the others were measured? */
  SELF(Tier.CONNECT),
  METADATA(Tier.CONNECT),
  DNS(Tier.CONNECT),
  TCP(Tier.CONNECT),
  /** SSLRequest and the TLS handshake. */
  TLS(Tier.CONNECT),
  /** StartupMessage: any answer of the protocol proves a speaker of it. */
  STARTUP(Tier.CONNECT),
  /** Authentication and the choice of the database. */
  AUTHENTICATION(Tier.CONNECT),
  SELECT_ONE(Tier.QUERY),
  /** A PING of a Redis server. */
  PING(Tier.QUERY),
  /** Recovery and read-only state. */
  RECOVERY(Tier.QUERY),
  /** Who holds the server's connections; holds even where that may not be seen. */
  SESSIONS(Tier.FULL),
  /** The operator's own query. */
  FULL_QUERY(Tier.FULL),
  /** One request to an HTTP dependency or control. */
  HTTP(Tier.QUERY),
  /** The backend's connection pool. */
  POOL(Tier.FULL),
  /** The backend's own health report and its answers to live requests. */
  BACKEND(Tier.FULL);

  private final Tier tier;

  Rung(Tier tier) {
    this.tier = tier;
  }

  /** False for the surroundings of whoever climbs. */
  public boolean ofTarget() {
    return this != SELF && this != METADATA;
  }

  public Tier tier() {
    return tier;
  }
}

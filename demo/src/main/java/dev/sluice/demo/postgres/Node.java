package dev.sluice.demo.postgres;

/** What a server is within a pair of servers. */
public enum Node {
  PRIMARY,
  /** Recovers for ever and takes reads. */
  STANDBY,
  /** Recovers for ever and answers every login with 57P03. */
  DEAF_STANDBY
}

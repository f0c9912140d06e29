package dev.sluice.probes.verdict;

/** How far a client gets when a detail is true. */
enum Stage {
  /** No connection. */
  PATH,
  /** A connection, and no session. */
  ENTRY,
  /** A session. */
  USE,
  /** No connection out of the backend's pool. */
  POOL,
  /** Says nothing of the dependency. */
  ELSEWHERE;

  static Stage of(Detail detail) {
    return switch (detail) {
      case EGRESS,
          VPC_PATH,
          SERVICE_ACCESS,
          BACKEND_PATH,
          INSTANCE_UNREACHABLE,
          SERVER_REFUSING,
          DNS_FAILURE,
          DNS_NO_SUCH_NAME,
          PARTIAL_ADDRESSES,
          SILENT_SERVER ->
          PATH;
      case TLS, CREDENTIALS, ACCESS_RULE, MISSING_DATABASE, POOLER, BACKEND_CREDENTIALS -> ENTRY;
      case RESTARTING,
          READ_ONLY_NODE,
          CONNECTIONS_EXHAUSTED,
          CONNECTIONS_EXHAUSTED_BY_APP,
          SATURATED,
          DISK_FULL,
          OUT_OF_MEMORY,
          CAPACITY,
          SCHEMA,
          GRANTS,
          SLOW_QUERY,
          LOCK_WAIT ->
          USE;
      case POOL_EXHAUSTED, POOL_STUCK -> POOL;
      default -> ELSEWHERE;
    };
  }
}

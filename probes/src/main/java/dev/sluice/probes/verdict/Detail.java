package dev.sluice.probes.verdict;

import java.util.Locale;

/** What exactly is wrong: a closed list. HEALTHY is the detail of a verdict without a fault. */
public enum Detail {
  EGRESS(Cause.INFRASTRUCTURE),
  VPC_PATH(Cause.INFRASTRUCTURE),
  SERVICE_ACCESS(Cause.INFRASTRUCTURE),
  BACKEND_PATH(Cause.INFRASTRUCTURE),
  INSTANCE_UNREACHABLE(Cause.INFRASTRUCTURE),
  SERVER_REFUSING(Cause.INFRASTRUCTURE),
  DNS_FAILURE(Cause.INFRASTRUCTURE),
  DNS_NO_SUCH_NAME(Cause.INFRASTRUCTURE),
  SILENT_SERVER(Cause.INFRASTRUCTURE),
  RESTARTING(Cause.INFRASTRUCTURE),
  TLS(Cause.INFRASTRUCTURE),
  CREDENTIALS(Cause.INFRASTRUCTURE),
  ACCESS_RULE(Cause.INFRASTRUCTURE),
  MISSING_DATABASE(Cause.INFRASTRUCTURE),
  POOLER(Cause.INFRASTRUCTURE),
  READ_ONLY_NODE(Cause.INFRASTRUCTURE),
  CONNECTIONS_EXHAUSTED(Cause.INFRASTRUCTURE),
  SATURATED(Cause.INFRASTRUCTURE),
  DISK_FULL(Cause.INFRASTRUCTURE),
  OUT_OF_MEMORY(Cause.INFRASTRUCTURE),
  PARTIAL_ADDRESSES(Cause.INFRASTRUCTURE),
  BACKEND_CREDENTIALS(Cause.APPLICATION),
  CONNECTIONS_EXHAUSTED_BY_APP(Cause.APPLICATION),
  SCHEMA(Cause.APPLICATION),
  GRANTS(Cause.APPLICATION),
  SLOW_QUERY(Cause.APPLICATION),
  LOCK_WAIT(Cause.APPLICATION),
  POOL_EXHAUSTED(Cause.APPLICATION),
  POOL_STUCK(Cause.APPLICATION),
  APP_ERROR(Cause.APPLICATION),
  APP_DOWN(Cause.APPLICATION),
  PLATFORM_OR_APP(Cause.UNKNOWN),
  CAPACITY(Cause.UNKNOWN),
  APP_SILENT(Cause.UNKNOWN),
  GATEWAY_VIEW(Cause.NONE),
  WARM_UP(Cause.NONE),
  SELF_FROZEN(Cause.NONE),
  HEALTHY(Cause.NONE);

  private final Cause cause;

  Detail(Cause cause) {
    this.cause = cause;
  }

  /** As it is written in reports: {@code vpc-path}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The cause of this detail, unless the evidence does not suffice to blame anybody. */
  public Cause cause() {
    return cause;
  }
}

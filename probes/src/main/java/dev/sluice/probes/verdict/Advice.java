package dev.sluice.probes.verdict;

/**
 * What is wrong in words, what to do first, and who does it; one for each detail.
 *
 * @param owner a team: {@code infrastructure}, {@code development}, or {@code gateway}
 */
public record Advice(String what, String remedy, String owner) {
  private static final String INFRA = "infrastructure";
  private static final String DEV = "development";

  /** What is said of a detail where nothing more is known. */
  public static Advice of(Detail detail) {
    return switch (detail.cause()) {
      case INFRASTRUCTURE -> infrastructure(detail);
      case APPLICATION -> application(detail);
      default -> other(detail);
    };
  }

  private static Advice infra(String what, String remedy) {
    return new Advice(what, remedy, INFRA);
  }

  private static Advice dev(String what, String remedy) {
    return new Advice(what, remedy, DEV);
  }

  private static Advice infrastructure(Detail detail) {
    return switch (detail) {
      case EGRESS ->
          infra(
              "Nothing outside this instance answers.",
              "Check the region's status and the egress of this instance.");
      case VPC_PATH ->
          infra(
              "The network on the way to it is broken.",
              "Check the VPC connector or direct VPC egress: its state, its throughput, its firewall.");
      case SERVICE_ACCESS ->
          infra(
              "Private service access does not pass.",
              "Check the peering with the service network and its routes.");
      case BACKEND_PATH ->
          infra(
              "The way from the backend to it is broken.",
              "Check the backend's connector, egress setting and socket proxy.");
      case INSTANCE_UNREACHABLE ->
          infra(
              "Its address does not answer, others on its network do.",
              "Check that the instance runs, its firewall, and that the address is right.");
      case SERVER_REFUSING ->
          infra(
              "Its host refuses connections.",
              "Check that the server runs and listens on this port.");
      case DNS_FAILURE -> infra("Its name cannot be resolved now.", "Check the name servers.");
      case DNS_NO_SUCH_NAME ->
          infra("Its name does not exist.", "Check the host in the configuration and the zone.");
      case SILENT_SERVER ->
          infra(
              "It accepts connections and does not serve them.",
              "Check the server and the proxy in front of it; maintenance looks like this.");
      case RESTARTING ->
          infra(
              "It is starting up, shutting down or failing over.",
              "Wait for it; read the operations log when it lasts.");
      default -> configuration(detail);
    };
  }

  private static Advice configuration(Detail detail) {
    return switch (detail) {
      case TLS ->
          infra("TLS with it cannot be agreed.", "Check certificate, its dates, and sslmode.");
      case CREDENTIALS ->
          infra(
              "It refuses the credentials.",
              "Check the user and the password, and when the secret was last rotated.");
      case ACCESS_RULE ->
          infra(
              "Its access rules refuse this client.",
              "Check pg_hba.conf or the authorized networks, and whether TLS is demanded.");
      case MISSING_DATABASE ->
          infra(
              "The database does not exist.",
              "Check the database name; create or restore the database.");
      case POOLER ->
          infra(
              "The pooler in front of it refuses the session.",
              "Check the pooler's allowed startup parameters and its mode.");
      case READ_ONLY_NODE ->
          infra(
              "It takes reads only.",
              "Check whether a failover is under way or the address is a replica's.");
      case CONNECTIONS_EXHAUSTED ->
          infra(
              "It has no connection left.",
              "Look at pg_stat_activity by application; raise max_connections or end idle sessions.");
      case SATURATED ->
          infra(
              "It answers even SELECT 1 too slowly.",
              "Look at its CPU, memory, I/O and longest queries.");
      case DISK_FULL -> infra("Its disk is full.", "Enlarge the disk; look at WAL and temp files.");
      case OUT_OF_MEMORY -> infra("It is out of memory.", "Enlarge it or lower work_mem.");
      case PARTIAL_ADDRESSES ->
          infra(
              "Some of its addresses do not answer.",
              "Remove the dead addresses from the name, or repair them.");
      default -> infra(detail.label(), "");
    };
  }

  private static Advice application(Detail detail) {
    return switch (detail) {
      case BACKEND_CREDENTIALS ->
          dev(
              "The backend is refused where this gateway is not.",
              "Check the backend's own secret, TLS and database settings.");
      case CONNECTIONS_EXHAUSTED_BY_APP ->
          dev(
              "The application holds most connections.",
              "Lower the pool size or the number of instances; look for leaks.");
      case SCHEMA ->
          dev(
              "A table, column or function is missing.",
              "Check that the migrations of this revision ran.");
      case GRANTS -> dev("The role lacks a privilege.", "Grant it in a migration.");
      case SLOW_QUERY ->
          dev(
              "The query is too slow while SELECT 1 is not.",
              "Read its plan; look for a missing index.");
      case LOCK_WAIT ->
          dev("The query waits for a lock.", "Look at pg_locks for the longest transaction.");
      case POOL_EXHAUSTED ->
          dev(
              "The backend's connection pool is exhausted.",
              "Look for leaked connections; raise the pool size only after that.");
      case POOL_STUCK ->
          dev(
              "The backend's pool waits for connections that never come.",
              "Set the pool's creation and acquire timeouts; restart the backend.");
      case APP_ERROR ->
          dev(
              "The database answers; the application fails by itself.",
              "Read the application's log; compare with the last deployment.");
      case APP_DOWN ->
          dev("The backend is down, or hangs by itself.", "Read why it stopped; start it again.");
      default -> dev(detail.label(), "");
    };
  }

  private static Advice other(Detail detail) {
    return switch (detail) {
      case PLATFORM_OR_APP ->
          new Advice(
              "The platform or the application fails.",
              "Compare the platform's log with the application's.",
              INFRA);
      case CAPACITY -> infra("A limit of the server is reached.", "Look at the server's metrics.");
      case APP_SILENT ->
          new Advice(
              "The database answers here; the backend fails and does not say why.",
              "Let its health route say what fails.",
              DEV);
      case GATEWAY_VIEW ->
          new Advice(
              "Users are served. Only this gateway cannot reach it.",
              "Check this gateway's own path and probe credentials.",
              "gateway");
      default -> new Advice("", "", "gateway");
    };
  }
}

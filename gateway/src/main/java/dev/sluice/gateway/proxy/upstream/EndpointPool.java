package dev.sluice.gateway.proxy.upstream;

import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one endpoint: how many are in use, and the idle ones, newest
 * first. The idle ones are linked with each other, so that keeping one allocates nothing and one
 * that the backend closes leaves at once.
 */
final class EndpointPool {
  private final UpstreamPool pool;
  private final Endpoint endpoint;
  private final Links links = new Links();
  private @Nullable UpstreamConnection newest;
  private int idle;
  private int inFlight;
  private boolean retired;

  EndpointPool(UpstreamPool pool, Endpoint endpoint) {
    this.pool = pool;
    this.endpoint = endpoint;
  }

  UpstreamPool pool() {
    return pool;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Links links() {
    return links;
  }

  /** A connection that speaks HTTP/2 has begun, or opens no further stream. */
  void made(Link link) {
    links.made(link);
    pool.linked(1);
  }

  void gone(Link link) {
    if (links.gone(link)) {
      pool.linked(-1);
    }
  }

  /** Requests that use it now, those included whose connection is being made. */
  int inFlight() {
    return inFlight;
  }

  int idle() {
    return idle;
  }

  void begun() {
    inFlight++;
  }

  void ended() {
    inFlight--;
  }

  /** The newest idle connection that can be used; those that cannot are closed on the way. */
  @Nullable UpstreamConnection poll(long now) {
    for (UpstreamConnection kept = newest; kept != null; kept = newest) {
      remove(kept);
      if (kept.usable(now)) {
        return kept;
      }
      kept.close();
    }
    return null;
  }

  /** Keeps a whole connection for the next exchange, or closes it. */
  void keep(UpstreamConnection connection, long now) {
    if (retired || !connection.usable(now) || !pool.roomForIdle()) {
      connection.close();
      return;
    }
    connection.next = newest;
    connection.previous = null;
    if (newest != null) {
      newest.previous = connection;
    }
    newest = connection;
    connection.kept = true;
    idle++;
    pool.idle(1);
  }

  /** Takes it out of the idle ones, if it is one of them. */
  void remove(UpstreamConnection connection) {
    if (!connection.kept) {
      return;
    }
    UpstreamConnection before = connection.previous;
    UpstreamConnection after = connection.next;
    if (before == null) {
      newest = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    connection.previous = null;
    connection.next = null;
    connection.kept = false;
    idle--;
    pool.idle(-1);
  }

  /** Closes the idle ones whose time is over. */
  void sweep(long now) {
    links.sweep(now);
    UpstreamConnection each = newest;
    while (each != null) {
      UpstreamConnection after = each.next;
      if (!each.usable(now)) {
        remove(each);
        each.close();
      }
      each = after;
    }
  }

  /** Closes what is idle and keeps nothing any more; what is in use ends with its exchange. */
  void retire() {
    retired = true;
    links.retire();
    for (UpstreamConnection kept = newest; kept != null; kept = newest) {
      remove(kept);
      kept.close();
    }
  }
}

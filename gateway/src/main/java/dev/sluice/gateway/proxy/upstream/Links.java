package dev.sluice.gateway.proxy.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one endpoint that speak HTTP/2, and the exchanges that wait
 * for one that is being made. Whoever finds neither room nor such a one makes a new connection.
 */
final class Links {
  private final List<Link> open = new ArrayList<>(2);
  private final ArrayDeque<Connecting> waiting = new ArrayDeque<>();
  private int making;

  /** One with room for a further exchange; or null. */
  @Nullable Link withRoom(long now) {
    for (int i = open.size() - 1; i >= 0; i--) {
      Link link = open.get(i);
      if (link.hasRoom(now)) {
        return link;
      }
    }
    return null;
  }

  /** Has the attempt wait for a connection that is being made; false where none has room for it. */
  boolean joins(Connecting attempt) {
    if (waiting.size() >= making * Link.MOST_STREAMS) {
      return false;
    }
    waiting.add(attempt);
    return true;
  }

  /** A connection is being made. */
  void making() {
    making++;
  }

  /** It was made, and speaks HTTP/2. */
  void made(Link link) {
    making--;
    open.add(link);
  }

  /** It was not made, or speaks something else: those that waited for one. */
  List<Connecting> unmade() {
    making--;
    List<Connecting> left = List.copyOf(waiting);
    waiting.clear();
    return left;
  }

  /** Those that found no room on what was made, while nothing else is being made. */
  List<Connecting> left() {
    if (making > 0) {
      return List.of();
    }
    List<Connecting> left = List.copyOf(waiting);
    waiting.clear();
    return left;
  }

  /** Lets those that wait begin. */
  void roomFor(Link link) {
    for (Connecting next = waiting.peek(); next != null; next = waiting.peek()) {
      if (!next.begins(link)) {
        return;
      }
      waiting.remove(next);
    }
  }

  /** It opens no further stream; whether it had not been gone before. */
  boolean gone(Link link) {
    return open.remove(link);
  }

  void sweep(long now) {
    List.copyOf(open).forEach(link -> link.sweep(now));
  }

  /** None opens a further stream. */
  void retire() {
    List.copyOf(open).forEach(Link::leave);
  }
}

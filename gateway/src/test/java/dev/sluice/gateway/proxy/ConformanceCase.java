package dev.sluice.gateway.proxy;

import java.util.ArrayList;
import java.util.List;

/** One case of the conformance suite: what goes in on either side, and what must come out. */
public final class ConformanceCase {
  /** What a client does, one step after the other. */
  public sealed interface Step {
    /** Sends these bytes, each char one byte. */
    record Send(String bytes) implements Step {}

    /** Reads an interim answer before it goes on. */
    record Wait(int status) implements Step {}

    /** Ends its sending side. */
    record End() implements Step {}
  }

  /** What the backend sends: before it reads the body, after it, and whether it goes on then. */
  record Reply(String before, String after, boolean keep) {}

  /** Fields, body and trailers that a message must or must not have. */
  static final class Expected {
    final String line;
    final boolean repeatable;
    final List<String> fields = new ArrayList<>();
    final List<String> without = new ArrayList<>();
    final List<String> trailers = new ArrayList<>();
    String body;
    boolean bodiless;
    boolean cut;

    Expected(String line, boolean repeatable) {
      this.line = line;
      this.repeatable = repeatable;
    }
  }

  /** What of the request the backend may see at all. */
  enum Sight {
    NOTHING,
    NOTHING_WHOLE,
    REQUESTS
  }

  /** What happens to the client's connection after the last answer. */
  enum After {
    OPEN,
    CLOSED
  }

  final String theme;
  final String name;
  String rfc = "";
  final List<Step> steps = new ArrayList<>();
  final List<Reply> replies = new ArrayList<>();
  final List<Expected> requests = new ArrayList<>();
  final List<Expected> answers = new ArrayList<>();
  Sight sight;
  After after;

  ConformanceCase(String theme, String name) {
    this.theme = theme;
    this.name = name;
  }

  /** All bytes of the client. */
  public String sent() {
    StringBuilder all = new StringBuilder();
    for (Step step : steps) {
      if (step instanceof Step.Send send) {
        all.append(send.bytes());
      }
    }
    return all.toString();
  }

  /** All bytes of the backend, one text for each of its answers. */
  public List<String> replied() {
    return replies.stream().map(reply -> reply.before() + reply.after()).toList();
  }

  /** Whether the gateway itself refuses the request. */
  public boolean refused() {
    return sight != Sight.REQUESTS && after == After.CLOSED;
  }

  @Override
  public String toString() {
    return theme + ": " + name + " (RFC " + rfc + ")";
  }
}

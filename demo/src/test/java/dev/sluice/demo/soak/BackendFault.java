package dev.sluice.demo.soak;

/** What the backend does wrong in one exchange, and what its client may see of that. */
enum BackendFault {
  NONE(Seen.WHOLE),
  /** Reset with the request's body unread. */
  RESET_UNREAD(Seen.NOTHING),
  RESET_BEFORE_HEAD(Seen.NOTHING),
  CLOSE_BEFORE_HEAD(Seen.NOTHING),
  RESET_IN_HEAD(Seen.NOTHING),
  CLOSE_IN_HEAD(Seen.NOTHING),
  GARBAGE(Seen.NOTHING),
  TWO_LENGTHS(Seen.NOTHING),
  STALL_BEFORE_HEAD(Seen.NOTHING),
  /** Nobody listens there. */
  UNREACHABLE(Seen.NOTHING),
  RESET_IN_BODY(Seen.PART),
  CLOSE_IN_BODY(Seen.PART),
  BAD_CHUNK(Seen.PART),
  STALL_IN_BODY(Seen.PART),
  /** A body that only closing ends, ended by a reset. */
  RESET_UNFRAMED(Seen.PART),
  /** Answers before the request's body has come, and reads on. */
  EARLY_ANSWER(Seen.WHOLE),
  /** The same, but leaves with the request's body unread. */
  EARLY_RESET(Seen.ANYTHING),
  /** Ends its sending side behind a whole answer. */
  HALF_CLOSE(Seen.WHOLE),
  /** Closes a connection that the gateway may keep, or use again already. */
  IDLE_CLOSE(Seen.WHOLE),
  IDLE_RESET(Seen.WHOLE),
  /** A second answer behind the first, to nobody's request. */
  STRAY(Seen.WHOLE);

  /** What the client may see of the backend's answer. */
  enum Seen {
    WHOLE,
    NOTHING,
    PART,
    ANYTHING
  }

  final Seen seen;

  BackendFault(Seen seen) {
    this.seen = seen;
  }

  /** Answers, or leaves, before it has read the request. */
  boolean early() {
    return this == RESET_UNREAD || this == EARLY_ANSWER || this == EARLY_RESET;
  }

  boolean stalls() {
    return this == STALL_BEFORE_HEAD || this == STALL_IN_BODY;
  }

  /** Resets the connection instead of ending it. */
  boolean resets() {
    return name().contains("RESET");
  }
}

package dev.sluice.fallback.cache;

import org.jspecify.annotations.Nullable;

/** What Cache-Status says of an answer (RFC 9211); one member, to be appended to what is there. */
public final class CacheStatus {
  /** The field's name. */
  public static final String FIELD = "cache-status";

  private static final String CACHE = "sluice";

  private CacheStatus() {}

  /** Why a request went to the backend (RFC 9211, section 2.2). */
  public enum Forwarded {
    /** The cache has nothing to do with it. */
    BYPASS("bypass"),
    METHOD("method"),
    URI_MISS("uri-miss"),
    VARY_MISS("vary-miss"),
    /** The client asked for it. */
    REQUEST("request"),
    STALE("stale"),
    PARTIAL("partial");

    private final String token;

    Forwarded(String token) {
      this.token = token;
    }

    /** As the field has it. */
    public String token() {
      return token;
    }
  }

  /**
   * Served from a copy without a question.
   *
   * @param ttl seconds, negative for what is stale
   * @param detail a token; null for none
   */
  public static String hit(long ttl, @Nullable String detail) {
    String member = CACHE + "; hit; ttl=" + ttl;
    return detail == null ? member : member + "; detail=" + detail;
  }

  /** The member with the detail that a write to the same target waits in the queue. */
  public static String pending(String member) {
    return member.replaceFirst("; detail=.*", "") + "; detail=" + CopyAnswer.PENDING_WRITE;
  }

  /**
   * The backend was asked.
   *
   * @param status of its answer where the client gets another; 0 otherwise, -1 where none came
   * @param stored the answer is being stored
   * @param detail a token; null for none
   */
  public static String forwarded(
      Forwarded why, int status, boolean stored, boolean collapsed, @Nullable String detail) {
    StringBuilder member = new StringBuilder(CACHE).append("; fwd=").append(why.token());
    if (status > 0) {
      member.append("; fwd-status=").append(status);
    }
    if (stored) {
      member.append("; stored");
    }
    if (collapsed) {
      member.append("; collapsed");
    }
    if (detail != null) {
      member.append("; detail=").append(detail);
    }
    return member.toString();
  }
}

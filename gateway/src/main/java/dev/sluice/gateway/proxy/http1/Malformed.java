package dev.sluice.gateway.proxy.http1;

/**
 * A message that is not HTTP/1.1 or not within its bounds. Thrown while it is read, then handed on
 * in its place as the last message of the connection. Carries no stack trace.
 */
public final class Malformed extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  Malformed(int status, String detail) {
    super(detail, null, false, false);
    this.status = status;
  }

  /** Answered with 400. */
  public static Malformed bad(String detail) {
    return new Malformed(400, detail);
  }

  /** What a client is told: 400, 414, 431, 501 or 505. */
  public int status() {
    return status;
  }

  /** What is wrong, without a byte of the message. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}

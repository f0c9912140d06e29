package dev.sluice.demo.soak;

/**
 * What client and backend do in one exchange. Both look it up by its id, which travels in the
 * request's path; nothing of it is known to the gateway.
 *
 * @param old the client speaks HTTP/1.0
 * @param close the client asks for the connection's end
 * @param expect the client waits for {@code 100 Continue}
 * @param cut where a side breaks off, as a part of all its bytes
 * @param interims interim answers before the final one
 */
record Plan(
    long id,
    String prefix,
    String method,
    boolean old,
    boolean close,
    boolean expect,
    Part request,
    Part answer,
    int status,
    int interims,
    double cut,
    ClientFault clientFault,
    BackendFault backendFault) {
  /** How a body is framed. */
  enum Framing {
    NONE,
    FIXED,
    CHUNKED,
    UNTIL_CLOSE
  }

  /** How fast a side writes. */
  enum Pace {
    AT_ONCE,
    IN_PIECES,
    SLOWLY
  }

  /**
   * One direction.
   *
   * @param chunk the most bytes of a chunk
   * @param read how fast the other side takes it
   */
  record Part(Framing framing, int length, int chunk, boolean trailers, Pace pace, Pace read) {}

  String path() {
    return prefix + id;
  }

  boolean head() {
    return method.equals("HEAD");
  }

  /** Whether the answer has no body, whatever its fields say (RFC 9112, section 6.3). */
  boolean bodiless() {
    return head() || status == 204 || status == 304;
  }

  /** Nobody does anything wrong that the other side could notice. */
  boolean clean() {
    return backendFault.seen == BackendFault.Seen.WHOLE
        && (clientFault == ClientFault.NONE || clientFault == ClientFault.HALF_CLOSE_WAITING);
  }

  /** The gateway may send it once more when a kept connection turns out to be closed. */
  boolean repeatable() {
    return !method.equals("POST") && request.length <= 64 * 1024;
  }

  byte[] requestBody() {
    return Bytes.body(id, request.length);
  }

  byte[] answerBody() {
    return Bytes.body(~id, answer.length);
  }
}

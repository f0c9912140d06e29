package dev.sluice.gateway.proxy.upstream;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;

/** Who uses an upstream connection for one exchange; called on its event loop. */
public interface UpstreamUser {
  /** An interim response (RFC 9110, section 15.2); never 101. */
  default void interim(HttpResponse response) {}

  /**
   * The backend has switched to what it was asked for (RFC 9110, section 15.2.2). A user that
   * answers true has taken the connection over; to all others it is a fault.
   */
  default boolean switched(HttpResponse response) {
    return false;
  }

  /** The final response head. */
  void head(HttpResponse response);

  /** A piece of the body, the last one included; the user owns it and must release it. */
  void body(HttpContent content);

  /** What was read in one go has been passed on: flush. */
  void upstreamRead();

  /** The connection takes more, or less, of the request body. */
  void upstreamWritable();

  /** The backend takes nothing more; an answer that it sent before may still arrive. */
  void troubled();

  /** The connection broke or spoke nonsense before the answer was complete. */
  void broken(Throwable cause);
}

package dev.sluice.gateway.proxy;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;

/** Who uses an upstream connection for one exchange; called on its event loop. */
interface UpstreamUser {
  /** The final response head; interim ones never arrive here. */
  void head(HttpResponse response);

  /** A piece of the body, the last one included; the user owns it and must release it. */
  void body(HttpContent content);

  /** What was read in one go has been passed on: flush. */
  void upstreamRead();

  /** The connection takes more, or less, of the request body. */
  void upstreamWritable();

  /** The connection broke or spoke nonsense before the answer was complete. */
  void broken(Throwable cause);
}

package dev.sluice.gateway.proxy.http2;

import java.io.IOException;

/**
 * A backend has refused a stream before it did anything of its request, which may be sent again
 * whatever it is (RFC 9113, section 8.7). Carries no stack trace.
 */
public final class RefusedStream extends IOException {
  private static final long serialVersionUID = 1L;

  RefusedStream() {
    super("the backend refused the stream");
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}

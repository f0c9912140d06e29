package dev.sluice.demo.backend;

import java.io.ByteArrayOutputStream;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Request bodies, gathered under a bound. */
final class Bodies {
  static final int LIMIT = 64 * 1024;

  private Bodies() {}

  static Mono<byte[]> read(HttpServerRequest in) {
    return in.receive()
        .asByteArray()
        .reduceWith(ByteArrayOutputStream::new, Bodies::append)
        .map(ByteArrayOutputStream::toByteArray);
  }

  private static ByteArrayOutputStream append(ByteArrayOutputStream body, byte[] more) {
    if (body.size() + more.length > LIMIT) {
      throw new TooLarge();
    }
    body.writeBytes(more);
    return body;
  }

  /** The body is over the bound. */
  static final class TooLarge extends RuntimeException {
    TooLarge() {
      super("The body is over " + LIMIT + " bytes", null, false, false);
    }
  }
}

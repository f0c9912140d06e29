package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.http1.Malformed;
import dev.sluice.gateway.proxy.upstream.TlsFault;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** What a client is told of why its backend did not answer. */
final class Reasons {
  private Reasons() {}

  /** Whether it is the other end's doing: it left, or what it sent is no TLS. */
  static boolean peers(Throwable cause) {
    boolean wrapped = cause instanceof DecoderException && cause.getCause() instanceof SSLException;
    return cause instanceof IOException || wrapped;
  }

  static String unconnected(Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return "the backend's name cannot be resolved";
    }
    if (cause instanceof ConnectTimeoutException) {
      return "the backend did not accept a connection in time";
    }
    if (cause instanceof SSLException) {
      return TlsFault.of(cause);
    }
    return cause instanceof ConnectException
        ? "the backend refuses connections"
        : "the backend cannot be reached";
  }

  static String broken(Throwable cause) {
    return cause instanceof Malformed malformed
        ? "the backend's answer cannot be read: " + malformed.detail()
        : "the backend closed the connection before its answer was complete";
  }
}

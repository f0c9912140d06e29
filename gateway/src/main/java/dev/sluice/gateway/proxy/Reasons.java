package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.http1.Malformed;
import dev.sluice.gateway.proxy.upstream.TlsFault;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** What a client is told of why its backend did not answer. */
final class Reasons {
  private Reasons() {}

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

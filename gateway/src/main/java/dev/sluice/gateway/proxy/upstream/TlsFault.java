package dev.sluice.gateway.proxy.upstream;

import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import org.jspecify.annotations.Nullable;

/** What a failed handshake says of the backend, in words that give nothing else away. Pure. */
public final class TlsFault {
  private static final int LONGEST_CHAIN = 8;

  private TlsFault() {}

  /** One clause, such as {@code the backend's certificate has expired}. */
  public static String of(Throwable failure) {
    String sentence = null;
    int depth = 0;
    for (Throwable t = failure; t != null && depth < LONGEST_CHAIN; t = t.getCause(), depth++) {
      String found = sentence(t);
      sentence = found == null ? sentence : found;
    }
    return sentence == null ? "the TLS handshake with the backend failed" : sentence;
  }

  /** Of a chain the innermost that is known says most. */
  private static @Nullable String sentence(Throwable t) {
    if (t instanceof NotSslRecordException) {
      return "the backend does not speak TLS";
    } else if (t instanceof ClosedChannelException) {
      return "the backend closed the connection in the TLS handshake";
    } else if (t instanceof CertificateExpiredException) {
      return "the backend's certificate has expired";
    } else if (t instanceof CertificateNotYetValidException) {
      return "the backend's certificate is not valid yet";
    } else if (otherName(t)) {
      return "the backend's certificate is for another name";
    }
    boolean certificate =
        t instanceof CertificateException
            || t instanceof CertPathValidatorException
            || t instanceof CertPathBuilderException;
    return certificate ? "the backend's certificate is not trusted" : null;
  }

  /** The platform has no class for it, only these words. */
  private static boolean otherName(Throwable t) {
    String text = String.valueOf(t.getMessage());
    return t.getClass() == CertificateException.class
        && (text.startsWith("No subject alternative ") || text.startsWith("No name matching "));
  }
}

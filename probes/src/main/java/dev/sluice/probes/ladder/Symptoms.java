package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.r2dbc.postgresql.api.PostgresqlException;
import io.r2dbc.spi.R2dbcException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/** Reads a throwable into a failed sample. Pure; the secret never passes. */
final class Symptoms {
  private static final int LONGEST_CHAIN = 8;
  private static final int LONGEST_TEXT = 600;

  private final Redaction redaction;

  Symptoms(Redaction redaction) {
    this.redaction = redaction;
  }

  /** The failed sample of a rung; a {@link RungFailure} may name another rung than the climbed. */
  Sample of(String target, Rung rung, Vantage vantage, long millis, Throwable thrown) {
    Throwable t = Exceptions.unwrap(thrown);
    if (t instanceof RungFailure f) {
      return ofRung(target, f.rung() == null ? rung : f.rung(), vantage, millis, f);
    }
    return new Sample(
        target,
        rung,
        vantage,
        false,
        millis,
        name(t),
        chain(t),
        sqlState(t),
        synthetic(t),
        text(innermost(t)),
        signal(t));
  }

  private Sample ofRung(String target, Rung rung, Vantage vantage, long millis, RungFailure f) {
    Throwable cause = f.getCause();
    return new Sample(
        target,
        rung,
        vantage,
        false,
        millis,
        cause == null ? null : name(cause),
        cause == null ? List.of() : chain(cause),
        f.sqlState(),
        f.synthetic(),
        redaction.of(f.text()),
        f.signal() == null && cause != null ? signal(cause) : f.signal());
  }

  private List<String> chain(Throwable top) {
    List<String> chain = new ArrayList<>();
    for (Throwable t = top; t != null && chain.size() < LONGEST_CHAIN; t = t.getCause()) {
      chain.add(name(t) + ": " + text(t));
    }
    return chain;
  }

  private String text(Throwable t) {
    String text = redaction.of(String.valueOf(t.getMessage()));
    return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
  }

  private static Throwable innermost(Throwable top) {
    Throwable deepest = top;
    int depth = 0;
    for (Throwable t = top; t != null && depth < LONGEST_CHAIN; t = t.getCause(), depth++) {
      deepest = t.getMessage() == null ? deepest : t;
    }
    return deepest;
  }

  /** The class that a person would look up: Netty's private decorations are peeled off. */
  static String name(Throwable t) {
    Class<?> type = t.getClass();
    while (type.getSimpleName().isEmpty()
        || type.getSimpleName().startsWith("Annotated")
        || type.getSimpleName().startsWith("Stackless")) {
      type = type.getSuperclass();
    }
    return type.getSimpleName();
  }

  private static @Nullable String sqlState(Throwable top) {
    return top instanceof R2dbcException e ? e.getSqlState() : null;
  }

  /** True for a SQLSTATE that the driver made up: a server's error has a severity. */
  private static boolean synthetic(Throwable t) {
    return t instanceof R2dbcException e
        && e.getSqlState() != null
        && !(t instanceof PostgresqlException p
            && p.getErrorDetails().getSeverityNonLocalized() != null);
  }

  /** The word for what was seen on the wire; null where none fits. */
  static @Nullable String signal(Throwable top) {
    int depth = 0;
    for (Throwable t = top; t != null && depth < LONGEST_CHAIN; t = t.getCause(), depth++) {
      String signal = signalOf(t);
      if (signal != null) {
        return signal;
      }
    }
    return top instanceof SSLException ? Signal.HANDSHAKE : null;
  }

  private static @Nullable String signalOf(Throwable t) {
    if (t instanceof DnsErrorCauseException dns) {
      return DnsResponseCode.NXDOMAIN.equals(dns.getCode())
          ? Signal.NO_SUCH_NAME
          : Signal.SERVER_FAILURE;
    } else if (t instanceof ConnectTimeoutException
        || t instanceof DnsNameResolverTimeoutException) {
      return Signal.TIMEOUT;
    } else if (t instanceof NoRouteToHostException) {
      return Signal.NO_ROUTE;
    } else if (t instanceof CertificateException || t instanceof CertPathValidatorException) {
      return Signal.CERTIFICATE;
    } else if (t instanceof ClosedChannelException) {
      return Signal.EOF;
    }
    return signalOf(t, lower(String.valueOf(t.getMessage())));
  }

  private static @Nullable String signalOf(Throwable t, String text) {
    if (text.contains("unreachable")) {
      return Signal.UNREACHABLE;
    } else if (t instanceof ConnectException && text.contains("refused")) {
      return Signal.REFUSED;
    } else if (text.contains("connection reset")) {
      return Signal.RESET;
    } else if (text.contains("unexpectedly closed")
        || text.contains("connection closed")
        || text.contains("broken pipe")) {
      return Signal.EOF;
    }
    return null;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}

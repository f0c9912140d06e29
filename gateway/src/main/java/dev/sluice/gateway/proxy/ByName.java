package dev.sluice.gateway.proxy;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What goes with a certificate, by the names that it has (RFC 9525, section 6.3): one with a star
 * stands for one label. The first is for whoever asks for no name, or for one that none has.
 */
final class ByName<T> {
  private static final Integer DNS = 2;

  private final Map<String, T> names = new HashMap<>();
  private @Nullable T first;

  void add(X509Certificate certificate, T value) {
    first = first == null ? value : first;
    for (List<?> name : alternatives(certificate)) {
      if (DNS.equals(name.get(0))) {
        names.putIfAbsent(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT), value);
      }
    }
  }

  private static Collection<List<?>> alternatives(X509Certificate certificate) {
    try {
      Collection<List<?>> found = certificate.getSubjectAlternativeNames();
      return found == null ? List.of() : found;
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  /** The value for this name; null asks for none. */
  T of(@Nullable String asked) {
    T fallback = Objects.requireNonNull(first, "at least one certificate");
    if (asked == null) {
      return fallback;
    }
    String name = asked.toLowerCase(Locale.ROOT);
    T exact = names.get(name);
    int dot = name.indexOf('.');
    return exact != null || dot < 0
        ? Objects.requireNonNullElse(exact, fallback)
        : names.getOrDefault("*" + name.substring(dot), fallback);
  }
}

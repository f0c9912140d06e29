package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Signal;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import reactor.core.publisher.Mono;

/** Until when a certificate is good: the outage that can be read off a calendar. */
final class Validity {
  private Validity() {}

  /**
   * Tells the last day; an error where that is over and it matters. Java itself lets a certificate
   * that is believed on its own account live for ever.
   */
  static Mono<Note> judged(X509Certificate certificate, boolean matters) {
    String until = "The certificate is good until " + day(certificate.getNotAfter());
    try {
      certificate.checkValidity();
    } catch (CertificateExpiredException e) {
      until = "The certificate was good until " + day(certificate.getNotAfter());
      return matters
          ? refused(until + ".")
          : noted(until + "; sslmode does not mind.", certificate);
    } catch (CertificateNotYetValidException e) {
      until = "The certificate is good only from " + day(certificate.getNotBefore()) + " on";
      return matters
          ? refused(until + ".")
          : noted(until + "; sslmode does not mind.", certificate);
    }
    return noted(until + ".", certificate);
  }

  private static Mono<Note> noted(String text, X509Certificate certificate) {
    return Mono.just(new Note(text, null, certificate.getNotAfter().toInstant()));
  }

  private static Mono<Note> refused(String text) {
    return Mono.error(RungFailure.signal(Signal.CERTIFICATE, text));
  }

  private static LocalDate day(Date date) {
    return date.toInstant().atOffset(ZoneOffset.UTC).toLocalDate();
  }
}

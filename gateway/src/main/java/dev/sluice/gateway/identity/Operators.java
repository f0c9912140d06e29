package dev.sluice.gateway.identity;

import dev.sluice.config.Admin;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells operators by their Google identity: a Google ID token that they show, or the assertion of
 * Identity-Aware Proxy before the gateway. Callable from event loops; nothing waits.
 */
public final class Operators implements AutoCloseable {
  private static final String ASSERTION = "X-Goog-IAP-JWT-Assertion";
  private static final String SITE = "Sec-Fetch-Site";
  private static final String BEARER = "Bearer ";

  private final Admin.Operators known;
  private final Identities identities;

  private Operators(Admin.Operators known, Identities identities) {
    this.known = known;
    this.identities = identities;
  }

  /** Null where the token tells operators. */
  public static @Nullable Operators of(Admin admin, InstantSource clock) {
    Admin.Operators known = admin.operators();
    return known == null
        ? null
        : new Operators(known, Identities.of(known.believed(), clock, backend -> Optional.empty()));
  }

  /**
   * The e-mail address of the operator who sends a request; null where there is none that may.
   *
   * @param field the value of a header field of the request; null where it has none
   * @param changes whether something is to be changed: a browser does that for the gateway's own
   *     pages alone, not where another site has it do so with the cookies of IAP
   */
  public @Nullable String email(Function<String, @Nullable String> field, boolean changes) {
    boolean iap = known.by() == Admin.Operators.By.IAP;
    String shown = iap ? bearer(field.apply(ASSERTION)) : field.apply("Authorization");
    String email = identities.claim(shown, "email");
    if (email == null || !known.names(email)) {
      return null;
    }
    // IAP has asked for it itself; a Google ID token may name an address that nobody has confirmed.
    boolean confirmed =
        iap ? !changes || own(field.apply(SITE)) : identities.confirms(shown, "email_verified");
    return confirmed ? email : null;
  }

  private static @Nullable String bearer(@Nullable String assertion) {
    return assertion == null ? null : BEARER + assertion;
  }

  /** By the browser's word (Fetch Metadata); other clients give none. */
  private static boolean own(@Nullable String site) {
    return site == null || site.equals("same-origin") || site.equals("none");
  }

  /**
   * 401 where a client may show a token (RFC 6750), 403 where Identity-Aware Proxy has asked
   * already.
   */
  public int refusal() {
    return known.by() == Admin.Operators.By.IAP ? 403 : 401;
  }

  /** What has to be shown, in a sentence. */
  public String wanted() {
    return known.by() == Admin.Operators.By.IAP
        ? "the operators' pages need an operator whom Identity-Aware Proxy names"
        : "the operators' pages need a Google ID token of an operator, as Authorization: Bearer";
  }

  @Override
  public void close() {
    identities.close();
  }
}

package dev.sluice.probes.ladder;

import dev.sluice.config.Target;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes one secret out of texts that others wrote. */
final class Redaction {
  /** Nothing is secret. */
  static final Redaction NONE = new Redaction(null);

  private final @Nullable Pattern secret;

  private Redaction(@Nullable String secret) {
    this.secret =
        secret == null || secret.isEmpty()
            ? null
            : Pattern.compile("(?<![\\p{Alnum}_])" + Pattern.quote(secret) + "(?![\\p{Alnum}_])");
  }

  /**
   * The password of a URL. One that equals the role or database name stays: those words belong to
   * the server's message, and replacing them would not hide but mark it.
   */
  static Redaction of(Target.Postgres target) {
    String password = target.password() == null ? null : target.password().reveal();
    boolean told = target.user().equals(password) || target.database().equals(password);
    return told ? NONE : new Redaction(password);
  }

  static Redaction of(Target.Redis target) {
    return new Redaction(target.password() == null ? null : target.password().reveal());
  }

  String of(String text) {
    return secret == null ? text : secret.matcher(text).replaceAll(Matcher.quoteReplacement("***"));
  }
}

package dev.sluice.config;

import dev.sluice.config.Admin.Operators;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads where operators look, and who they are. */
final class AdminReader {
  private static final String GOOGLE = "https://accounts.google.com";
  private static final String GOOGLES_KEYS = "https://www.googleapis.com/oauth2/v3/certs";
  private static final String IAP = "https://cloud.google.com/iap";
  private static final String IAPS_KEYS = "https://www.gstatic.com/iap/verify/public_key-jwk";

  private final Fields f;

  private AdminReader(Fields f) {
    this.f = f;
  }

  private enum On {
    PORT,
    MAIN
  }

  /** What tells an operator. */
  private enum Auth {
    TOKEN,
    GOOGLE_ID_TOKEN,
    IAP
  }

  static Admin read(Fields f) {
    return new AdminReader(f).read();
  }

  private Admin read() {
    Secret token = token("token");
    Secret agentToken = token("agent-token");
    Operators operators = operators(token);
    Admin admin =
        new Admin(
            SettingsReader.host(f, "127.0.0.1"),
            f.number("port", 9090, 0, 65_535),
            token,
            agentToken,
            f.flag("public-page", false),
            onMain(token != null || operators != null),
            operators);
    f.end();
    return admin;
  }

  /** One port is all there is on Cloud Run; where nobody is known nobody could come in there. */
  private boolean onMain(boolean known) {
    boolean cloudRun = f.reading().environment().apply("K_SERVICE") != null;
    On on = f.choice("on", cloudRun && known ? On.MAIN : On.PORT);
    if (on == On.MAIN && !known) {
      f.problems()
          .error(
              f.place("on"),
              "on: main needs a token: everybody who reaches the port would be an operator",
              "token: \"${SLUICE_ADMIN_TOKEN}\", or auth: iap");
    }
    return on == On.MAIN;
  }

  private @Nullable Secret token(String key) {
    Scalar token = f.textScalar(key);
    if (token != null && token.text().length() < 16) {
      f.problems()
          .warn(token.place(), "the admin " + key + " is short", "use 16 characters or more");
    }
    return token == null ? null : new Secret(token.text());
  }

  private @Nullable Operators operators(@Nullable Secret token) {
    Auth auth = f.choice("auth", Auth.TOKEN);
    Scalar audience = f.textScalar("audience");
    Scalar keys = f.textScalar("keys");
    List<Scalar> addresses = f.texts("operators");
    List<String> people = people(addresses == null ? List.of() : addresses);
    if (auth == Auth.TOKEN) {
      idle("audience", audience);
      idle("operators", addresses);
      idle("keys", keys);
      return null;
    }
    boolean iap = auth == Auth.IAP;
    if (token != null) {
      error("token", "an operator is told by the token or by Google, not by both", "leave it out");
    }
    if (audience == null) {
      String such = iap ? "/projects/NUMBER/locations/REGION/services/NAME" : "the service's URL";
      error(
          "auth",
          "a Google identity is for one audience, which has to be known",
          "audience: " + such);
    }
    if (!iap && people.isEmpty()) {
      error(
          "auth",
          "everybody has a Google identity: say whose are believed",
          "operators: [ana@example.com, \"*@example.com\"]");
    }
    URI from = keys == null ? null : OperationReader.location(f, keys);
    String issuer = iap ? IAP : GOOGLE;
    URI usual = URI.create(iap ? IAPS_KEYS : GOOGLES_KEYS);
    return new Operators(
        iap ? Operators.By.IAP : Operators.By.GOOGLE_ID_TOKEN,
        new TokenIssuer(
            issuer, audience == null ? "" : audience.text(), from == null ? usual : from),
        people);
  }

  /** Whoever writes it believes that it keeps somebody out. */
  private void idle(String key, @Nullable Object said) {
    if (said != null) {
      error(
          key,
          key + " means nothing where operators are told by the token",
          "auth: google-id-token or auth: iap with it, or leave it out");
    }
  }

  private void error(String key, String what, String fix) {
    f.problems().error(f.place(key), what, fix);
  }

  private List<String> people(List<Scalar> addresses) {
    List<String> people = new ArrayList<>();
    for (Scalar each : addresses) {
      if (each.text().matches("(\\*|[^@*\\s]+)@[A-Za-z0-9.-]+")) {
        people.add(each.text());
      } else {
        f.problems()
            .error(
                each.place(),
                each.said() + " is no e-mail address",
                "such as ana@example.com, or *@example.com for a whole domain");
      }
    }
    return people;
  }
}

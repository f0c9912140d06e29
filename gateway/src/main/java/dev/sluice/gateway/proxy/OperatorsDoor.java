package dev.sluice.gateway.proxy;

import dev.sluice.config.Admin;
import dev.sluice.config.Backend;
import dev.sluice.config.Enforcement;
import dev.sluice.config.Filter;
import dev.sluice.config.Match;
import dev.sluice.config.Place;
import dev.sluice.config.Route;
import dev.sluice.config.Secret;
import dev.sluice.gateway.identity.Operators;
import dev.sluice.gateway.route.Matched;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operators' pages on the port for requests, where one port is all there is: below {@link
 * Admin#PREFIX} requests are passed on to the admin server, which then listens on this host alone.
 * What changes nothing needs the token here, as a bearer's (RFC 6750) or, for browsers, as the
 * password of Basic (RFC 7617); what changes something is judged by the admin server, which takes
 * no Basic: a browser sends that along with what other sites have it send. Or it needs an operator
 * whom Google names ({@link Operators}).
 */
final class OperatorsDoor {
  /** Of a route that no file can name. */
  private static final String ID = ".sluice";

  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";
  private static final Place NOWHERE = new Place("", 0, 0);

  private volatile @Nullable Matched way;
  private volatile @Nullable Operators operators;

  /**
   * From now on there is an admin server on this port.
   *
   * @param known who may come in; null for the bearers of the token
   */
  void open(int port, @Nullable Operators known) {
    operators = known;
    way = Matched.of(route(), backend(port), List.of());
  }

  private static Route route() {
    return new Route(
        ID,
        new Match(Admin.PREFIX + "/**", Set.of()),
        ID,
        null,
        Route.Kind.PROXY,
        Enforcement.ENFORCE,
        List.of(),
        Map.of(),
        true,
        null,
        null,
        null,
        null,
        null,
        List.of(new Filter.StripPrefix(Admin.PREFIX)),
        null,
        Route.OnInfrastructureFailure.DEGRADED,
        NOWHERE);
  }

  private static Backend backend(int port) {
    return new Backend(
        ID,
        List.of(new Backend.Address("127.0.0.1", port)),
        null,
        List.of(),
        Map.of(),
        null,
        null,
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        new Backend.Pool(4, Duration.ofSeconds(30), Duration.ofMinutes(5)),
        Backend.Concurrency.DEFAULT,
        null,
        false,
        null,
        "X-Application",
        NOWHERE);
  }

  /** The way of a request with this path; null where it is none of the operators'. */
  @Nullable Matched way(String path) {
    Matched open = way;
    boolean below =
        open != null && (path.equals(Admin.PREFIX) || path.startsWith(Admin.PREFIX + "/"));
    return below ? open : null;
  }

  /** What is answered instead of passing it on; null where it passes. */
  @Nullable FullHttpResponse refusal(HttpRequest request, String path, Admin admin) {
    if (path.equals(Admin.PREFIX)) {
      FullHttpResponse there = Answers.of(308, "text/plain", new byte[0]);
      there.headers().set(HttpHeaderNames.LOCATION, Admin.PREFIX + "/");
      return there;
    }
    String method = request.method().name();
    boolean changes = method.equals("POST") || method.equals("DELETE");
    Operators known = operators;
    return known == null
        ? withoutToken(request, changes, admin)
        : withoutName(request, changes, known);
  }

  private static @Nullable FullHttpResponse withoutName(
      HttpRequest request, boolean changes, Operators known) {
    if (known.email(request.headers()::get, changes) != null) {
      return null;
    }
    int status = known.refusal();
    String title = status == 401 ? "Unauthorized" : "Forbidden";
    FullHttpResponse refused = Answers.of(Problem.of(status, title, known.wanted()));
    if (status == 401) {
      refused.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    return refused;
  }

  private static @Nullable FullHttpResponse withoutToken(
      HttpRequest request, boolean changes, Admin admin) {
    String given = token(request.headers().get(HttpHeaderNames.AUTHORIZATION), changes);
    if (given != null && (changes || same(given, admin.token()))) {
      return null;
    }
    FullHttpResponse refused =
        Answers.of(Problem.of(401, "Unauthorized", "the operators' pages need the admin token"));
    refused.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"sluice\"");
    return refused;
  }

  private static @Nullable String token(@Nullable String authorization, boolean bearerOnly) {
    if (authorization == null) {
      return null;
    }
    if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length()).strip();
    }
    boolean basic = authorization.regionMatches(true, 0, BASIC, 0, BASIC.length());
    return basic && !bearerOnly ? password(authorization.substring(BASIC.length()).strip()) : null;
  }

  /** Whatever the user is called. */
  private static @Nullable String password(String credentials) {
    try {
      String text = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0 ? null : text.substring(colon + 1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean same(String given, @Nullable Secret token) {
    return token != null
        && !token.reveal().isEmpty()
        && MessageDigest.isEqual(
            token.reveal().getBytes(StandardCharsets.UTF_8),
            given.getBytes(StandardCharsets.UTF_8));
  }
}

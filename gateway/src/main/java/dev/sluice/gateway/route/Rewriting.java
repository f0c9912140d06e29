package dev.sluice.gateway.route;

import dev.sluice.config.Backend;
import dev.sluice.config.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a route's filters make of its requests and answers. Routes, copies and the queue know a
 * request as the client sent it; this is applied where one goes out to a backend. Pure.
 */
public final class Rewriting {
  /** Changes nothing. */
  public static final Rewriting NONE = new Rewriting(List.of(), "");

  private final List<Filter> filters;
  private final String backend;

  private Rewriting(List<Filter> filters, String backend) {
    this.filters = filters;
    this.backend = backend;
  }

  /** By a route's filters, towards this backend. */
  public static Rewriting of(List<Filter> filters, Backend backend) {
    return filters.isEmpty() ? NONE : new Rewriting(filters, backend.address().authority());
  }

  /** The headers of one message. */
  public interface Fields {
    /** In place of all of that name. */
    void set(String name, String value);

    void remove(String name);
  }

  /** The target that the backend is asked for, of one that is safe to route by. */
  public String target(String pathAndQuery) {
    String rest = pathAndQuery;
    for (Filter filter : filters) {
      if (filter instanceof Filter.StripPrefix strip) {
        rest = stripped(rest, strip.prefix());
      } else if (filter instanceof Filter.AddPrefix add) {
        rest = add.prefix() + rest;
      }
    }
    return rest;
  }

  /** Segments are compared in the form for matching, and taken as the client wrote them. */
  private static String stripped(String pathAndQuery, String prefix) {
    RequestTarget target = RequestTarget.parse(pathAndQuery);
    String form = target == null ? "" : target.path();
    if (!form.equals(prefix) && !form.startsWith(prefix + "/")) {
      return pathAndQuery;
    }
    int at = 0;
    for (long left = prefix.chars().filter(c -> c == '/').count(); left > 0; left--) {
      at = segmentEnd(pathAndQuery, at + 1);
    }
    String rest = pathAndQuery.substring(at);
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private static int segmentEnd(String path, int from) {
    int at = from;
    while (at < path.length() && path.charAt(at) != '/' && path.charAt(at) != '?') {
      at++;
    }
    return at;
  }

  /** The Host that the backend is told. */
  public String host(String asked) {
    String host = asked;
    for (Filter filter : filters) {
      if (filter instanceof Filter.Host other) {
        host = other.name() == null ? backend : other.name();
      }
    }
    return host;
  }

  /** Changes the headers of a request; what was stripped from the path is said in one of them. */
  public void request(Fields headers) {
    for (Filter filter : filters) {
      if (filter instanceof Filter.StripPrefix strip) {
        headers.set("x-forwarded-prefix", strip.prefix());
      }
    }
    change(headers, true);
  }

  /** Changes the headers of an answer. */
  public void response(Fields headers) {
    change(headers, false);
  }

  private void change(Fields headers, boolean ofRequest) {
    for (Filter filter : filters) {
      if (filter instanceof Filter.SetHeader set && set.ofRequest() == ofRequest) {
        headers.set(set.name(), set.value());
      } else if (filter instanceof Filter.RemoveHeader gone && gone.ofRequest() == ofRequest) {
        headers.remove(gone.name());
      }
    }
  }

  /** What answers in the backend's place, a {@link Filter.Redirect} or {@link Filter.Answer}. */
  public @Nullable Filter instead() {
    for (Filter filter : filters) {
      if (filter instanceof Filter.Redirect || filter instanceof Filter.Answer) {
        return filter;
      }
    }
    return null;
  }

  /** Where a redirect leads. */
  public static String location(Filter.Redirect redirect, String pathAndQuery) {
    int mark = pathAndQuery.indexOf('?');
    String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
    String query = mark < 0 ? "" : pathAndQuery.substring(mark);
    return redirect.to().replace("{path}", path).replace("{query}", query);
  }

  /** Which pages of other origins may use the route; null where nothing is said. */
  public Filter.@Nullable Cors cors() {
    return first(Filter.Cors.class);
  }

  /** Whether and when answers are compressed; null for never. */
  public Filter.@Nullable Gzip gzip() {
    return first(Filter.Gzip.class);
  }

  private <T extends Filter> @Nullable T first(Class<T> kind) {
    for (Filter filter : filters) {
      if (kind.isInstance(filter)) {
        return kind.cast(filter);
      }
    }
    return null;
  }

  /** Whether there is anything to do at all. */
  public boolean none() {
    return filters.isEmpty();
  }
}

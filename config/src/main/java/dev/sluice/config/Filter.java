package dev.sluice.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a route changes of its requests or answers, in the order of the file. Routes,
 * copies and the queue know a request as the client sent it; the backend gets it as the filters
 * leave it.
 */
public sealed interface Filter {
  /** Takes whole segments from the beginning of the path; one that is all of it leaves a slash. */
  record StripPrefix(String prefix) implements Filter {}

  /** Puts segments before the path. */
  record AddPrefix(String prefix) implements Filter {}

  /**
   * The Host that the backend is told.
   *
   * @param name null: the backend's own address
   */
  record Host(@Nullable String name) implements Filter {}

  /** Sets a header of the request or the answer in place of all that are there. */
  record SetHeader(boolean ofRequest, String name, String value) implements Filter {}

  /** Removes a header of the request or the answer. */
  record RemoveHeader(boolean ofRequest, String name) implements Filter {}

  /**
   * Sends the client elsewhere; nothing is forwarded.
   *
   * @param to where, with {@code {path}} for the path and {@code {query}} for the query with its
   *     question mark
   */
  record Redirect(int status, String to) implements Filter {}

  /** Answers by itself; nothing is forwarded. */
  record Answer(int status, String contentType, String body) implements Filter {}

  /**
   * Which pages of other origins may use the route (the Fetch standard, section 3.2).
   *
   * @param origins such as {@code https://app.example}; {@code *} alone for all
   * @param methods none: those that the route takes
   * @param headers that requests may carry; none: those that are asked about
   * @param exposed headers of the answer that a page may read
   */
  record Cors(
      List<String> origins,
      List<String> methods,
      List<String> headers,
      List<String> exposed,
      boolean credentials,
      Duration maxAge)
      implements Filter {
    public Cors {
      origins = List.copyOf(origins);
      methods = List.copyOf(methods);
      headers = List.copyOf(headers);
      exposed = List.copyOf(exposed);
    }
  }

  /**
   * Answers of text are sent in gzip to clients that take it.
   *
   * @param least bytes of a body that is worth it, where its length is known
   */
  record Gzip(long least) implements Filter {}
}

package dev.sluice.config;

/** To whom a stored copy or a queued write belongs. */
public sealed interface Principal {
  /** Anybody: credentials are no part of the key. */
  record Public() implements Principal {}

  /** The value of a request header; a request without it has no principal. */
  record Header(String name) implements Principal {}

  /**
   * A claim of the token in Authorization, once that is verified; a request without such a token
   * has no principal.
   */
  record Claim(String name) implements Principal {}

  /** Nobody said: a request with credentials is neither stored nor served from a copy. */
  record Anonymous() implements Principal {}
}

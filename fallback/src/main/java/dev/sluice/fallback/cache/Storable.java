package dev.sluice.fallback.cache;

import java.util.EnumSet;
import java.util.Set;

/** Whether an answer may be kept; every other constant than STORE is the reason why not. */
public enum Storable {
  STORE,
  /** Only answers to GET are kept. */
  NOT_GET,
  /** The request had a body, which is no part of the key. */
  REQUEST_BODY,
  /** The request or the answer is about a part of the body. */
  RANGE,
  NOT_200,
  /** The request carries credentials and the route declares no principal. */
  CREDENTIALS,
  /** The header that names the principal is absent, empty or there more than once. */
  NO_PRINCIPAL,
  /** Said by the backend or by the client. */
  NO_STORE,
  PRIVATE,
  NO_CACHE,
  /** Said as must-revalidate or proxy-revalidate: no use without asking the backend. */
  MUST_REVALIDATE,
  SET_COOKIE,
  VARY_ANY,
  /** It varies on a header that Connection kept from the backend. */
  VARY_UNSEEN,
  /** The request asks the backend for another path or method than its own. */
  OVERRIDE,
  /** A part, or no body of its own. */
  NOT_WHOLE,
  /** It asks for a cache that understands its status. */
  NOT_UNDERSTOOD,
  /** It says nothing of its lifetime, and cannot be validated. */
  USELESS,
  /** Content-Length is above the route's limit. */
  TOO_LARGE;

  private static final Set<Storable> OF_THE_ANSWER =
      EnumSet.of(NO_STORE, PRIVATE, SET_COOKIE, VARY_ANY, TOO_LARGE, NOT_UNDERSTOOD, USELESS);

  /** Whether the reason lies in the answer, not in who asked or how. */
  public boolean ofTheAnswer() {
    return OF_THE_ANSWER.contains(this);
  }
}

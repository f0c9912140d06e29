package dev.sluice.gateway.proxy;

import dev.sluice.fallback.cache.StoredCopy;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/** The question whether a copy still holds (RFC 9111, section 4.3.1). Pure. */
final class Validators {
  private Validators() {}

  /** Puts the copy's own validators in the place of the client's conditions. */
  static void ask(StoredCopy copy, HttpHeaders request) {
    request
        .remove(HttpHeaderNames.IF_NONE_MATCH)
        .remove(HttpHeaderNames.IF_MODIFIED_SINCE)
        .remove(HttpHeaderNames.IF_MATCH)
        .remove(HttpHeaderNames.IF_UNMODIFIED_SINCE)
        .remove(HttpHeaderNames.IF_RANGE);
    String tag = copy.fields().get("ETag");
    String modified = copy.fields().get("Last-Modified");
    if (tag != null) {
      request.set(HttpHeaderNames.IF_NONE_MATCH, tag);
    }
    if (modified != null) {
      request.set(HttpHeaderNames.IF_MODIFIED_SINCE, modified);
    }
  }
}

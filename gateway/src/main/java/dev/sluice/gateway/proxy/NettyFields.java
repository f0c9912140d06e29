package dev.sluice.gateway.proxy;

import dev.sluice.fallback.cache.HeaderFields;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a message that passes, as a cache reads them. */
record NettyFields(HttpHeaders headers) implements HeaderFields {
  @Override
  public @Nullable String get(String name) {
    return headers.get(name);
  }

  @Override
  public boolean has(String name) {
    return headers.contains(name);
  }

  @Override
  public List<String> all(String name) {
    return headers.getAll(name);
  }
}

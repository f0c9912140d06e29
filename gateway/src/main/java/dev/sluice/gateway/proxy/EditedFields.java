package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.Rewriting;
import io.netty.handler.codec.http.HttpHeaders;

/** Netty's headers as filters change them. */
record EditedFields(HttpHeaders headers) implements Rewriting.Fields {
  @Override
  public void set(String name, String value) {
    headers.set(name, value);
  }

  @Override
  public void remove(String name) {
    headers.remove(name);
  }
}

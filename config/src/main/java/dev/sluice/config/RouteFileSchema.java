package dev.sluice.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON Schema of route files, for editors. */
public final class RouteFileSchema {
  private static final String RESOURCE = "sluice.schema.json";

  private RouteFileSchema() {}

  /** The schema's text (draft 2020-12). The loader checks more than a schema can say. */
  public static String text() {
    try (InputStream in = RouteFileSchema.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + RESOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

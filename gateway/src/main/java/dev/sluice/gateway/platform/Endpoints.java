package dev.sluice.gateway.platform;

import java.net.URI;

/**
 * Where Google Cloud is asked.
 *
 * @param metadata the metadata server, which hands out tokens
 */
public record Endpoints(URI metadata, URI vpcAccess, URI sqlAdmin, URI monitoring) {
  /** The public APIs, and the metadata server by its address: names may be what fails. */
  public static final Endpoints GOOGLE =
      new Endpoints(
          URI.create("http://169.254.169.254"),
          URI.create("https://vpcaccess.googleapis.com"),
          URI.create("https://sqladmin.googleapis.com"),
          URI.create("https://monitoring.googleapis.com"));
}

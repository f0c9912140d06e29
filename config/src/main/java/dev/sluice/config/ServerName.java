package dev.sluice.config;

import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** The name that a TLS client asks for (RFC 6066, section 3). */
public final class ServerName {
  private ServerName() {}

  /**
   * Lets the engine ask for this host; by itself the platform asks for no name without a dot, such
   * as {@code orders}. Addresses are no names, and neither is what server_name cannot carry, such
   * as an underscore.
   */
  public static void ask(SSLEngine engine, String host) {
    if (Addresses.isLiteral(host)) {
      return;
    }
    try {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(host)));
      engine.setSSLParameters(parameters);
    } catch (IllegalArgumentException e) {
      // The certificate is checked by the name all the same.
    }
  }
}

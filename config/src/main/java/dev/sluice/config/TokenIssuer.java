package dev.sluice.config;

import java.net.URI;

/**
 * Whose tokens are believed (RFC 7519).
 *
 * @param issuer that a token has to name
 * @param audience that a token has to be for
 * @param keys where its public keys are (RFC 7517): https, http on this machine, or a file
 */
public record TokenIssuer(String issuer, String audience, URI keys) {}

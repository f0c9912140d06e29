package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/**
 * The admin port: GET is open on it, every POST and DELETE needs the token.
 *
 * @param host 127.0.0.1 unless the file opens it
 * @param port 0 lets the system choose
 * @param token null closes every POST and DELETE
 * @param publicPage whether users may see, on the port for requests, how the service is
 * @param agentToken lets agents push what they see, and nothing else; null leaves that to the token
 */
public record Admin(
    String host,
    int port,
    @Nullable Secret token,
    @Nullable Secret agentToken,
    boolean publicPage) {}

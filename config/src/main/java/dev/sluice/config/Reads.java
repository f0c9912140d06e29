package dev.sluice.config;

import java.time.Duration;

/**
 * Copies of answers kept for an outage.
 *
 * @param maxStale how old a copy may be when it is served
 * @param maxObject bytes of one body; larger answers are not stored
 * @param overrideCacheControl stores although the backend says no-store, private or no-cache
 * @param stripSetCookie stores answers with Set-Cookie, without it
 */
public record Reads(
    Principal principal,
    Duration maxStale,
    int maxObject,
    boolean overrideCacheControl,
    boolean stripSetCookie) {}

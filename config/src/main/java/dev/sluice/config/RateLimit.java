package dev.sluice.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many requests one client may send: a token bucket each.
 *
 * @param requests tokens that come back in each {@code per}
 * @param per the time that they come back in, evenly
 * @param burst tokens that a bucket holds
 * @param header whose value tells clients apart; null: the client's address. Requests without the
 *     header are told apart by address
 */
public record RateLimit(int requests, Duration per, int burst, @Nullable String header) {}

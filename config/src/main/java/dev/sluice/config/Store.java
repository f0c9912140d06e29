package dev.sluice.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The durable store.
 *
 * @param path the SQLite file
 * @param key 32 bytes in base64 that encrypt records at rest; null stores them in the clear
 * @param maxRecords queued writes that are not terminal
 * @param maxBytes of queued bodies and heads that are not terminal
 * @param retention how long terminal records are kept
 */
public record Store(
    String path, @Nullable Secret key, int maxRecords, long maxBytes, Duration retention) {}

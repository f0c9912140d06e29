package dev.sluice.demo.backend;

import org.jspecify.annotations.Nullable;

/**
 * What makes a write the same write.
 *
 * @param value the client's Idempotency-Key, null when it sent none
 * @param request method, path and body
 */
record WriteKey(@Nullable String value, String request) {}

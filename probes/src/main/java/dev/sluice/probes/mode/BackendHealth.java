package dev.sluice.probes.mode;

import java.time.Instant;

/**
 * A backend's own last health answer.
 *
 * @param status 0 when it gave no answer
 * @param text what the answer says in one line, or why there was none
 * @param body the answer as it came, bounded to 8 KiB
 * @param ok true when the backend calls itself healthy
 */
public record BackendHealth(Instant at, int status, String text, String body, boolean ok) {}

package dev.sluice.fallback.cache;

/**
 * What a store holds and did since it was made.
 *
 * @param entries keys with at least one copy
 * @param bytes keys, headers and bodies counted
 * @param hits copies found
 * @param evictions keys dropped for want of room
 */
public record CopyStats(long entries, long bytes, long hits, long evictions) {}

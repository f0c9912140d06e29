package dev.sluice.config;

import java.time.Duration;

/** The outer deadlines of the three tiers: connect 5 s, query 10 s, full 20 s by default. */
public record Tiers(Duration connect, Duration query, Duration full) {}

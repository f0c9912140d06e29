package dev.sluice.config;

import java.time.Duration;

/** A target probed only to tell a broken network from a broken instance. */
public record Control(String id, Target target, String network, Duration interval, Place place) {}

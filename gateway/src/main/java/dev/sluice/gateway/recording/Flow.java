package dev.sluice.gateway.recording;

import java.util.List;

/**
 * Requests that are alike to breakers.
 *
 * @param needs ids of the dependencies that they cannot do without
 */
public record Flow(String backendId, List<String> needs) {}

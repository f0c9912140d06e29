package dev.sluice.gateway.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Map;
import java.util.Objects;

/**
 * What each of Sluice's own meters means, told with it; by Micrometer's names: Prometheus has
 * underscores for dots, {@code _seconds} after timers and {@code _total} after counters.
 */
public final class MeterHelp implements MeterFilter {
  static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry(
              RequestDurations.NAME,
              "Requests, from the head to the end of the answer. By OpenTelemetry's attributes, route and outcome."),
          Map.entry(
              UpstreamDurations.NAME,
              "Tries at a backend, from sending to the answer's head or to the failure. By OpenTelemetry's attributes and backend."),
          Map.entry(
              "sluice.upstream.connections",
              "Connections, and those of them that wait in a pool. By backend, state (open, idle)."),
          Map.entry("sluice.upstream.connects", "Connections made. By backend."),
          Map.entry("sluice.upstream.connect.failures", "Attempts that made none. By backend."),
          Map.entry(
              "sluice.upstream.ejections",
              "Times that an address was left out for failing in a row. By backend."),
          Map.entry(
              "sluice.upstream.ejected", "1 while the address is left out. By backend, address."),
          Map.entry(
              "sluice.differed",
              "Decisions that mode observe did not carry out. By route, decision."),
          Map.entry(
              "sluice.retries",
              "Further tries, by how the one before ended. By route, after (connect-failed, reset, timeout, http-502 ...)."),
          Map.entry("sluice.probe", "Climbs by tier. By target, tier, result (ok, failed)."),
          Map.entry("sluice.breaker.state", "0 closed, 1 half-open, 2 open. By id."),
          Map.entry("sluice.breaker.transitions", "Moves of a breaker. By id, to."),
          Map.entry(
              "sluice.verdict", "1 for the cause that holds, 0 for the others. By subject, cause."),
          Map.entry("sluice.mode", "1 for the mode that holds, 0 for the others. By mode."),
          Map.entry("sluice.instance", "1, on Cloud Run alone. By service, revision."),
          Map.entry("sluice.child.starts", "Starts of the backend's process, where it is a child."),
          Map.entry("sluice.mode.changes", "Changes of mode. By to."),
          Map.entry("sluice.copies.served", "Answers from stored copies. By route."),
          Map.entry(
              "sluice.cache",
              "What the route's cache did for a request. By route, did (hit, stale, validated, stored, passed, collapsed)."),
          Map.entry("sluice.copies.entries", "What is stored."),
          Map.entry(
              "sluice.fleet.gateways",
              "Gateways that share this one's store and were heard of lately, itself included."),
          Map.entry(
              "sluice.fleet.speaks",
              "1 while this gateway tells teams for all that share its store."),
          Map.entry(
              "sluice.probes.with.requests",
              "1 while probes come with health requests, 0 while they follow their own clocks."),
          Map.entry("sluice.copies.bytes", "What is stored."),
          Map.entry("sluice.copies.evictions", "Keys dropped for want of room since the start."),
          Map.entry(
              "sluice.copies.runway.seconds",
              "How long copies would last in an outage: until the first, until all have run out. By route, end (first, last)."),
          Map.entry("sluice.writes.accepted", "Writes answered with 202. By route."),
          Map.entry(
              "sluice.alerts",
              "Messages to receivers of alerts. By receiver, result (taken, lost)."),
          Map.entry(
              "sluice.validations",
              "Dependencies tried out after their breakers had closed. By subject, ruling (fixed, not fixed, not proven)."),
          Map.entry("sluice.queue.depth", "Queued writes. By state."),
          Map.entry(
              "sluice.queue.oldest.seconds", "Age of the oldest that waits, 0 when none does."),
          Map.entry("sluice.replays", "Writes that ended, by final state. By route, state."),
          Map.entry(
              "sluice.replay.done",
              "Held writes that ended since the queue was last empty, and that are left."),
          Map.entry(
              "sluice.replay.left",
              "Held writes that ended since the queue was last empty, and that are left."),
          Map.entry("sluice.replay.per.second", "That ended lately."),
          Map.entry(
              "sluice.replay.remaining.seconds",
              "Until none is left at this rate; NaN while nothing moves."),
          Map.entry(
              "sluice.reloads",
              "Reloads of the route files. By result (applied, unchanged, refused)."),
          Map.entry("sluice.reload.refused", "1 while the files were refused when last read."),
          Map.entry("sluice.limit", "Requests that it is sent at once at most. By backend."),
          Map.entry(
              "sluice.limit.in.flight",
              "Requests that it is sent now, and that wait for their turn. By backend."),
          Map.entry(
              "sluice.limit.waiting",
              "Requests that it is sent now, and that wait for their turn. By backend."),
          Map.entry(
              "sluice.limit.shed",
              "Requests refused, or answered from a copy, for its load's sake. By backend."),
          Map.entry(
              "sluice.memory.direct.bytes", "Direct memory taken for the buffers of connections."),
          Map.entry(
              "sluice.memory.limit.bytes", "Direct memory above which requests are refused."));

  /** What each means, by Micrometer's names. */
  public static Map<String, String> texts() {
    return TEXTS;
  }

  /** The text of a meter that has one. */
  static String of(String name) {
    return Objects.requireNonNull(TEXTS.get(name), name);
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    String text = TEXTS.get(id.getName());
    return text == null
        ? id
        : new Meter.Id(id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), text, id.getType());
  }
}

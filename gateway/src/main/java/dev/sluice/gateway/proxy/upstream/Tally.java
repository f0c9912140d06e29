package dev.sluice.gateway.proxy.upstream;

import java.util.concurrent.atomic.LongAdder;

/** What is counted of one backend, over all event loops. */
final class Tally {
  /** Connections that are open now. */
  final LongAdder open = new LongAdder();

  /** Those of them that wait in a pool. */
  final LongAdder idle = new LongAdder();

  /** Connections that were made so far. */
  final LongAdder connects = new LongAdder();

  /** Attempts that made none. */
  final LongAdder failures = new LongAdder();

  /** Times that an address was ejected. */
  final LongAdder ejections = new LongAdder();
}

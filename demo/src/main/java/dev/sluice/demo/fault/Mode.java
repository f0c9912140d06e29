package dev.sluice.demo.fault;

/** What a {@link FaultProxy} does with connections. */
public enum Mode {
  /** Every connection is passed on. */
  PASS,
  /** Nobody listens: connects are refused, open connections are reset. */
  REFUSE,
  /** Connects get no answer at all and open connections fall silent, as behind a dead network. */
  BLACK_HOLE,
  /** Connects succeed, but no byte is answered; open connections fall silent. */
  SILENT,
  /** Connects succeed and are reset at once, as are open connections. */
  RESET,
  /** Connects succeed and are ended at once in an orderly way, as are open connections. */
  CLOSE,
  /** A session comes about and is reset when its client asks for something. */
  CUT,
  /** A session comes about; from then on every answer comes three seconds late. */
  LATE,
  /** Every answer comes three seconds late. */
  SLOW,
  /** One in a hundred parts comes late by a retransmission, and what follows it waits. */
  LOSSY
}

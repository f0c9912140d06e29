package dev.sluice.demo.soak;

/** How a client breaks off, always in the last exchange of its connection. */
enum ClientFault {
  NONE,
  RESET_SENDING,
  HALF_CLOSE_SENDING,
  /** Ends its side behind a whole request, and waits for the answer as it may. */
  HALF_CLOSE_WAITING,
  RESET_READING,
  CLOSE_READING;

  /** The request ends before its end. */
  boolean cutsRequest() {
    return this == RESET_SENDING || this == HALF_CLOSE_SENDING;
  }

  boolean cutsReading() {
    return this == RESET_READING || this == CLOSE_READING;
  }
}

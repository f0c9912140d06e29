package dev.sluice.probes.breaker;

/** Leave to forward one request. Exactly one terminal call counts; later ones are ignored. */
public interface Permit {
  /** The backend answered below 500. */
  void succeeded();

  /** The request failed at the backend. */
  void failed(Failure failure);

  /** The request says nothing: the client left, or the application answered with its own error. */
  void released();
}

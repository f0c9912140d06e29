package dev.sluice.gateway.filter;

/** Told when backends begin and cease to be overloaded; called on the thread that ticks. */
public interface LimitListener {
  /** The first request was refused after a time without; {@code limit} stands now. */
  void sheddingBegan(String backendId, int limit);

  /** Nothing was refused for five seconds, after so many refusals. */
  void sheddingEnded(String backendId, long refused);
}

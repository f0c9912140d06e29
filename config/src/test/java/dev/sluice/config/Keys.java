package dev.sluice.config;

import java.util.Map;

/** The environment that the secrets of complete.yaml come from. */
final class Keys {
  static final Map<String, String> OF_COMPLETE =
      Map.of(
          "STORE_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
          "OLD_KEY", "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=",
          "HOOK_KEY", "a-key-of-sixteen-letters",
          "OTLP_AUTHORIZATION", "Basic eDp5",
          "HOOK_URL", "https://hooks.example/sluice",
          "TALK_URL", "https://hooks.slack.example/services/T0",
          "BEHALF_KEY", "a-key-of-thirty-two-characters--");

  private Keys() {}
}

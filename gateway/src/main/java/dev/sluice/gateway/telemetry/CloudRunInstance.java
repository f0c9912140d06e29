package dev.sluice.gateway.telemetry;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What Cloud Run tells an instance of itself (Container runtime contract, environment variables).
 */
public final class CloudRunInstance {
  private CloudRunInstance() {}

  /** Its {@code service} and {@code revision}; empty elsewhere. */
  public static Map<String, String> labels(UnaryOperator<String> environment) {
    Map<String, String> labels = new TreeMap<>();
    String service = environment.apply("K_SERVICE");
    String revision = environment.apply("K_REVISION");
    if (service != null && !service.isEmpty()) {
      labels.put("service", service);
      labels.put("revision", revision == null ? "" : revision);
    }
    return labels;
  }
}

package dev.sluice.gateway.health;

import java.util.Arrays;
import java.util.Map;

/**
 * What is sent to whoever asks for health.
 *
 * @param status of the HTTP answer
 * @param body JSON by draft-inadarei-api-health-check-06, {@code status} first; never changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record HealthAnswer(int status, byte[] body) {
  /** The media type of every body. */
  public static final String CONTENT_TYPE = "application/health+json";

  static HealthAnswer of(int status, Map<String, Object> body) {
    return new HealthAnswer(status, Json.bytes(body));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HealthAnswer that
        && status == that.status
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return 31 * status + Arrays.hashCode(body);
  }

  @Override
  public String toString() {
    return "HealthAnswer[" + status + ", " + body.length + " bytes]";
  }
}

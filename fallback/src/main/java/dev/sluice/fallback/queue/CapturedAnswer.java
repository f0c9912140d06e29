package dev.sluice.fallback.queue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What the backend answered to a replayed write.
 *
 * @param body not copied: neither side changes it afterwards
 */
@SuppressWarnings("ArrayRecordComponent")
public record CapturedAnswer(int status, List<Map.Entry<String, String>> headers, byte[] body) {
  public CapturedAnswer {
    headers = List.copyOf(headers);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CapturedAnswer that
        && status == that.status
        && headers.equals(that.headers)
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * status + headers.hashCode()) + Arrays.hashCode(body);
  }

  @Override
  public String toString() {
    return "CapturedAnswer[" + status + ", " + body.length + " bytes]";
  }
}

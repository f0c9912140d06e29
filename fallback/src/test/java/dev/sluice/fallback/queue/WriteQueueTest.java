package dev.sluice.fallback.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fallback.queue.StoreRefused.Reason;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WriteQueueTest {
  private final CompletableFuture<Admission.Accepted> accepted = new CompletableFuture<>();
  private final WriteQueue queue = new WriteQueue(storeThatAccepts(accepted), gone -> {});

  private static WriteStore storeThatAccepts(CompletableFuture<Admission.Accepted> answer) {
    return (WriteStore)
        Proxy.newProxyInstance(
            WriteStore.class.getClassLoader(),
            new Class<?>[] {WriteStore.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("accept");
              return answer;
            });
  }

  private static NewWrite keyed(String key) {
    return new NewWrite(
        "r", "POST", "/a", "h", List.of(), new byte[0], null, key, "f", "p", Duration.ofHours(1));
  }

  @Test
  void aSecondRequestWhileTheFirstPersistsIsToldSo() {
    CompletableFuture<Admission> first = queue.offer(keyed("k"));
    assertThat(queue.offer(keyed("k"))).isCompletedWithValue(new Admission.StillPersisting());
    accepted.complete(new Admission.Accepted("id", false));
    assertThat(first).isCompletedWithValue(new Admission.Accepted("id", false));
    assertThat(queue.offer(keyed("k"))).isCompletedWithValue(new Admission.Accepted("id", false));
  }

  @Test
  void refusalsBecomeAdmissions() {
    CompletableFuture<Admission> full = queue.offer(keyed(null));
    accepted.completeExceptionally(new StoreRefused(Reason.FULL, "the queue holds 2 writes"));
    assertThat(full).isCompletedWithValue(new Admission.Full("the queue holds 2 writes"));

    WriteQueue other =
        new WriteQueue(
            storeThatAccepts(
                CompletableFuture.failedFuture(new StoreRefused(Reason.KEY_CONFLICT, "other"))),
            gone -> {});
    assertThat(other.offer(keyed("k"))).isCompletedWithValue(new Admission.KeyConflict());
  }

  @Test
  void ordersByPathExceptPosts() {
    assertThat(WriteQueue.orderingKey("PUT", "/a/b")).isEqualTo("/a/b");
    assertThat(WriteQueue.orderingKey("PATCH", "/a")).isEqualTo("/a");
    assertThat(WriteQueue.orderingKey("DELETE", "/a")).isEqualTo("/a");
    assertThat(WriteQueue.orderingKey("POST", "/a")).isNull();
  }

  @Test
  void fingerprintsTellRequestsApart() {
    byte[] body = {1, 2};
    String one = Fingerprint.of("POST", "/a", "text/plain", body);
    assertThat(one).isEqualTo(Fingerprint.of("POST", "/a", "text/plain", new byte[] {1, 2}));
    assertThat(one)
        .isNotEqualTo(Fingerprint.of("POST", "/b", "text/plain", body))
        .isNotEqualTo(Fingerprint.of("POST", "/a", null, body))
        .isNotEqualTo(Fingerprint.of("PUT", "/a", "text/plain", body))
        .isNotEqualTo(Fingerprint.of("POST", "/a", "text/plain", new byte[] {1, 3}))
        .hasSize(64);
    assertThat(Fingerprint.of("A", "BC", "", body))
        .isNotEqualTo(Fingerprint.of("AB", "C", "", body));
  }
}

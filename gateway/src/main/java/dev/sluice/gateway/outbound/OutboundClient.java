package dev.sluice.gateway.outbound;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A client for the gateway's own calls, which follows no redirect. To make it reads the trust store
 * and takes a third of a second: it is made with the first call, on a thread of its own, so that
 * neither the start of a gateway nor an event loop waits for it. Safe from any thread.
 */
public final class OutboundClient {
  private final Duration connect;
  private @Nullable CompletableFuture<HttpClient> made;

  /**
   * @param connect how long a connection may take
   */
  public OutboundClient(Duration connect) {
    this.connect = connect;
  }

  /** Never blocks; fails as {@link HttpClient#sendAsync} does. */
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, HttpResponse.BodyHandler<T> body) {
    return made().thenCompose(client -> client.sendAsync(request, body));
  }

  /** For threads that may wait; fails as {@link HttpClient#send} does. */
  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws IOException, InterruptedException {
    try {
      return made().join().send(request, body);
    } catch (CompletionException e) {
      throw new IOException("no client for calls could be made", e.getCause());
    }
  }

  private synchronized CompletableFuture<HttpClient> made() {
    CompletableFuture<HttpClient> known = made;
    if (known == null || known.isCompletedExceptionally()) {
      known = CompletableFuture.supplyAsync(this::make);
      made = known;
    }
    return known;
  }

  private HttpClient make() {
    return HttpClient.newBuilder()
        .connectTimeout(connect)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }
}

package dev.sluice.fallback.queue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The way into the queue for clients: admission, and what the owner of a write may do with it. */
public final class WriteQueue {
  private final WriteStore store;
  private final Consumer<QueuedWrite> withdrawn;
  private final Set<KeyScope> persisting = ConcurrentHashMap.newKeySet();

  /**
   * @param withdrawn takes each write whose owner cancelled it, on the store's thread
   */
  public WriteQueue(WriteStore store, Consumer<QueuedWrite> withdrawn) {
    this.store = store;
    this.withdrawn = withdrawn;
  }

  private record KeyScope(String principalHash, String routeId, String clientKey) {}

  /**
   * The writes that must not pass one another share a key: those to one path, for methods that say
   * what a resource becomes. POST adds, so its writes go in parallel.
   *
   * @param path in the form that routes are matched by, so that no spelling of it overtakes another
   */
  public static @Nullable String orderingKey(String method, String path) {
    return switch (method) {
      case "PUT", "PATCH", "DELETE" -> path;
      default -> null;
    };
  }

  /** Offers a write that the queue's own bounds alone hold back. */
  public CompletableFuture<Admission> offer(NewWrite write) {
    return offer(write, Allowance.WHOLE);
  }

  /** Offers a write; never blocks, and the future never fails. */
  public CompletableFuture<Admission> offer(NewWrite write, Allowance allowance) {
    String key = write.clientKey();
    KeyScope scope = key == null ? null : new KeyScope(write.principalHash(), write.routeId(), key);
    if (scope != null && !persisting.add(scope)) {
      return CompletableFuture.completedFuture(new Admission.StillPersisting());
    }
    return store
        .accept(write, allowance)
        .handle(
            (accepted, failure) -> {
              if (scope != null) {
                persisting.remove(scope);
              }
              return failure == null ? accepted : refusal(failure);
            });
  }

  private static Admission refusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof StoreRefused refused) {
      String why = String.valueOf(refused.getMessage());
      return switch (refused.reason()) {
        case KEY_CONFLICT -> new Admission.KeyConflict();
        case QUOTA -> new Admission.OverQuota(why);
        case FULL -> new Admission.Full(why);
        case UNHEALTHY, CLOSED -> new Admission.Failed(why);
      };
    }
    return new Admission.Failed("the store failed: " + cause);
  }

  /** The write, for the principal that it belongs to; empty for everybody else. */
  public CompletableFuture<Optional<QueuedWrite>> monitor(String id, String principalHash) {
    return store
        .find(id)
        .thenApply(found -> found.filter(write -> owns(write.request(), principalHash)));
  }

  /** Withdraws a write that is still QUEUED; false in other states and for everybody else. */
  public CompletableFuture<Boolean> cancel(String id, String principalHash) {
    return monitor(id, principalHash)
        .thenCompose(
            found ->
                found.isEmpty() ? CompletableFuture.completedFuture(false) : cancel(found.get()));
  }

  private CompletableFuture<Boolean> cancel(QueuedWrite write) {
    return store
        .cancel(write.id())
        .thenApply(
            done -> {
              if (done) {
                withdrawn.accept(write);
              }
              return done;
            });
  }

  private static boolean owns(NewWrite write, String principalHash) {
    return MessageDigest.isEqual(
        write.principalHash().getBytes(StandardCharsets.UTF_8),
        principalHash.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * For event loops: whether a write was accepted under this key, so that the same request gets the
   * same answer again whatever has happened since.
   */
  public boolean knows(String principalHash, String routeId, String clientKey) {
    return store.knows(principalHash, routeId, clientKey);
  }

  /**
   * For event loops: the last waiting write of this ordering key, if it belongs to this principal.
   */
  public @Nullable String pending(String orderingKey, String principalHash) {
    return store.pending(orderingKey, principalHash);
  }

  /** For event loops: live writes of this route that have an order must join the tail. */
  public boolean queueing(String routeId) {
    return store.queueing(routeId);
  }

  /** For event loops: live writes of this ordering key must join the tail. */
  public boolean backlog(String orderingKey) {
    return store.backlog(orderingKey);
  }

  /** For event loops: whether any write is not ended yet. */
  public boolean anyBacklog() {
    return store.anyBacklog();
  }
}

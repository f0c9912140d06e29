package dev.sluice.gateway.alerts;

import dev.sluice.config.Alerts;
import dev.sluice.config.Alerts.Receiver;
import dev.sluice.gateway.outbound.OutboundClient;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings messages to receivers: to each in order and one at a time, so that a dead one keeps no
 * other waiting. What is not taken is tried again, a second later at first and twice as long each
 * time up to a minute, for a quarter of an hour. Safe from any thread; never blocks.
 */
public final class Couriers {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.alerts");
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration GIVE_UP = Duration.ofMinutes(15);
  private static final long LONGEST_PAUSE = 60;
  private static final int MOST_WAITING = 100;
  private static final int MOST_SAID = 200;

  private final OutboundClient client = new OutboundClient(PATIENCE);
  private final InstantSource clock;
  private final BiConsumer<String, Boolean> delivered;
  private final Map<String, Queue> queues = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** What waits for one receiver. */
  private static final class Queue {
    final Deque<Parcel> waiting = new ArrayDeque<>();
    boolean underWay;
  }

  /** One post, and how often it was tried. */
  private static final class Parcel {
    final Receiver receiver;
    final Payloads.Post post;
    final Instant since;
    int tries;

    Parcel(Receiver receiver, Payloads.Post post, Instant since) {
      this.receiver = receiver;
      this.post = post;
      this.since = since;
    }
  }

  /**
   * @param delivered told a receiver's id and whether it took a message
   */
  public Couriers(InstantSource clock, BiConsumer<String, Boolean> delivered) {
    this.clock = clock;
    this.delivered = delivered;
  }

  /** Has a message on its way to each of its receivers. */
  public void send(Message message, Alerts settings, String environment) {
    Instant now = clock.instant();
    AlertText text = new AlertText(settings, environment, now);
    for (String id : message.receivers()) {
      Receiver receiver = settings.receiver(id).orElse(null);
      if (receiver != null) {
        new Payloads(receiver, text, environment, now)
            .of(message)
            .forEach(post -> enqueue(new Parcel(receiver, post, now)));
      }
    }
  }

  private void enqueue(Parcel parcel) {
    Queue queue = queues.computeIfAbsent(parcel.receiver.id(), any -> new Queue());
    synchronized (queue) {
      if (queue.waiting.size() >= MOST_WAITING) {
        LOG.error("too many messages wait for {}: one is dropped", parcel.receiver.id());
        return;
      }
      queue.waiting.addLast(parcel);
    }
    next(queue);
  }

  private void next(Queue queue) {
    Parcel parcel;
    synchronized (queue) {
      if (queue.underWay || queue.waiting.isEmpty() || closed) {
        return;
      }
      queue.underWay = true;
      parcel = queue.waiting.getFirst();
    }
    attempt(parcel)
        .whenComplete((refusal, failure) -> came(queue, parcel, reason(refusal, failure)));
  }

  private static @Nullable String reason(@Nullable String refusal, @Nullable Throwable failure) {
    return failure == null ? refusal : "no answer: " + Trial.reason(failure);
  }

  /** Completed with null where it was taken, else with why not. */
  private CompletableFuture<@Nullable String> attempt(Parcel parcel) {
    parcel.tries++;
    return post(parcel.receiver, parcel.post);
  }

  private CompletableFuture<@Nullable String> post(Receiver receiver, Payloads.Post post) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(post.to())
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(post.body()));
    if (receiver.type() == Receiver.Type.WEBHOOK && receiver.key() != null) {
      long seconds = clock.instant().getEpochSecond();
      request.header(Signature.FIELD, Signature.of(receiver.key(), seconds, post.body()));
    }
    return client.sendAsync(request.build(), Couriers::beginning).thenApply(Couriers::refusal);
  }

  private static @Nullable String refusal(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 == 2) {
      return null;
    }
    String said = answer.body().strip();
    return "status "
        + answer.statusCode()
        + (said.isEmpty() ? "" : ": " + said.replaceAll("\\p{Cntrl}+", " "));
  }

  /** Of an answer's body only what is worth reading. */
  private static HttpResponse.BodySubscriber<String> beginning(HttpResponse.ResponseInfo head) {
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    return HttpResponse.BodySubscribers.mapping(
        HttpResponse.BodySubscribers.ofByteArrayConsumer(
            piece -> piece.ifPresent(bytes -> keep(first, bytes))),
        end -> first.toString(StandardCharsets.UTF_8));
  }

  private static void keep(ByteArrayOutputStream first, byte[] bytes) {
    first.write(bytes, 0, Math.min(bytes.length, MOST_SAID - first.size()));
  }

  private void came(Queue queue, Parcel parcel, @Nullable String why) {
    boolean late = parcel.since.plus(GIVE_UP).isBefore(clock.instant());
    if (why == null || late) {
      delivered.accept(parcel.receiver.id(), why == null);
      if (why != null) {
        LOG.error("{} is not told, after {} tries: {}", parcel.receiver.id(), parcel.tries, why);
      }
      synchronized (queue) {
        queue.waiting.removeFirst();
        queue.underWay = false;
      }
      next(queue);
      return;
    }
    if (parcel.tries == 1) {
      LOG.warn("{} did not take a message, which is tried again: {}", parcel.receiver.id(), why);
    }
    long pause = Math.min(LONGEST_PAUSE, 1L << Math.min(parcel.tries - 1, 6));
    Executor later = CompletableFuture.delayedExecutor(pause, TimeUnit.SECONDS);
    later.execute(() -> again(queue));
  }

  private void again(Queue queue) {
    synchronized (queue) {
      queue.underWay = false;
    }
    next(queue);
  }

  /**
   * Tries one receiver, or the log, with a message that says that it is a test: once, without a
   * queue.
   *
   * @return completed with null where it was taken, else with why not
   */
  public CompletableFuture<@Nullable String> test(
      Receiver receiver, Alerts settings, String environment) {
    Instant now = clock.instant();
    Message message = Trial.message(receiver.id(), now);
    AlertText text = new AlertText(settings, environment, now);
    List<Payloads.Post> posts = new Payloads(receiver, text, environment, now).of(message);
    if (posts.isEmpty()) {
      LOG.warn("{}", text.whole(message).replace('\n', ' '));
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<@Nullable String> taken = CompletableFuture.completedFuture(null);
    for (Payloads.Post each : posts) {
      taken =
          taken.thenCompose(
              why -> why == null ? post(receiver, each) : CompletableFuture.completedFuture(why));
    }
    return taken.exceptionally(failure -> "no answer: " + Trial.reason(failure));
  }

  /** Begins nothing more; what is under way may still arrive. */
  public void close() {
    closed = true;
  }
}

package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.config.Reads;
import dev.sluice.config.Route;
import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.CopyPolicy;
import dev.sluice.fallback.cache.HeaderFields;
import dev.sluice.fallback.cache.Storable;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.gateway.filter.Slot;
import dev.sluice.gateway.proxy.UpstreamClient.Result;
import dev.sluice.gateway.route.Matched;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.breaker.Permit;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has the backend asked for an answer that nobody waits for (RFC 5861, section 3): one question for
 * each key, which takes a permit and a place in the backend's limit, and steps back where there is
 * none. It goes on when the client that set it off has left.
 */
final class Refresher {
  private final DataPathServices services;
  private final Flights flights;
  private final UpstreamClient upstreams;

  Refresher(DataPathServices services, Flights flights, UpstreamClient upstreams) {
    this.services = services;
    this.flights = flights;
    this.upstreams = upstreams;
  }

  /**
   * One question.
   *
   * @param headers of the request as the backend gets it, without Host
   * @param copy that is asked about; null where there is none
   * @param follows a write that was done just now
   */
  record Question(
      CopyKey key,
      Reads reads,
      Matched matched,
      List<Map.Entry<String, String>> headers,
      @Nullable StoredCopy copy,
      boolean follows) {
    HeaderFields fields() {
      return HeaderFields.of(headers);
    }
  }

  /** What became of a question. */
  enum Went {
    /** The backend answered, and not with an error of its own. */
    ANSWERED,
    UNANSWERED,
    /** A breaker or the backend's limit had no place for it. */
    REFUSED,
    ASKED_ALREADY
  }

  /** Asks what this request asked, which has had a stale copy. */
  void ask(Asked asked, Caching caching) {
    StoredCopy copy = caching.copy();
    HttpHeaders headers = Headers.toBackend(asked);
    headers.remove(HttpHeaderNames.RANGE).remove(HttpHeaderNames.HOST);
    headers.remove(HttpHeaderNames.IF_NONE_MATCH).remove(HttpHeaderNames.IF_MODIFIED_SINCE);
    if (copy != null) {
      Validators.ask(copy, headers);
    }
    ask(
        new Question(
            caching.key(), caching.reads(), asked.matched(), headers.entries(), copy, false),
        went -> {});
  }

  /** Fetches ahead what has no copy, or one that may be older than the backend's answer. */
  void prefetch(Route route, String host, String target) {
    Question question = plain(route, host, target, false);
    if (question != null) {
      ask(question, went -> {});
    }
  }

  /** The question of nobody in particular; null where its answer would not be stored. */
  @Nullable Question plain(Route route, String host, String target, boolean follows) {
    Matched matched = services.snapshot().get().routes().of(route);
    Reads reads = route.reads();
    CopyKey key = CopyPolicy.key(route, host, target, List.of());
    if (matched == null || reads == null || key == null) {
      return null;
    }
    List<Map.Entry<String, String>> plain =
        List.of(
            Map.entry("user-agent", "sluice-prefetch"),
            Map.entry("accept", "*/*"),
            Map.entry("via", "1.1 sluice"),
            Map.entry(Headers.REQUEST_ID.toString(), RequestIds.next()));
    StoredCopy copy = services.copies().find(key, HeaderFields.of(plain));
    HttpHeaders headers = new DefaultHttpHeaders();
    plain.forEach(line -> headers.add(line.getKey(), line.getValue()));
    if (copy != null) {
      Validators.ask(copy, headers);
    }
    return new Question(key, reads, matched, headers.entries(), copy, follows);
  }

  /**
   * Asks unless the same is asked already; never blocks.
   *
   * @param over is told once what became of it, when others may ask the same again
   */
  void ask(Question question, Consumer<Went> over) {
    Flights.Flight flight = flights.lead(question.key());
    if (flight == null) {
      over.accept(Went.ASKED_ALREADY);
      return;
    }
    Backend backend = question.matched().backend();
    Slot slot = upstreams.replay(backend);
    Permit permit = slot == null ? null : permit(question, backend);
    if (slot == null || permit == null) {
      if (slot != null) {
        slot.release();
      }
      flight.end();
      over.accept(Went.REFUSED);
      return;
    }
    send(question, backend, flight, slot, permit, over);
  }

  private @Nullable Permit permit(Question question, Backend backend) {
    List<String> needed = question.matched().dependencies();
    return question.follows()
        ? services.breakers().permitNext(backend.id(), needed)
        : services.breakers().permit(backend.id(), needed);
  }

  private void send(
      Question question,
      Backend backend,
      Flights.Flight flight,
      Slot slot,
      Permit permit,
      Consumer<Went> over) {
    long stamp = services.copies().stamp(question.key());
    long begun = services.nanos().getAsLong();
    upstreams
        .exchange(
            backend,
            question.matched().rewriting(),
            "GET",
            question.key().target(),
            question.key().host(),
            question.headers(),
            new byte[0],
            backend.responseDeadline(),
            question.reads().maxObject())
        .whenComplete(
            (result, failure) -> {
              try {
                Duration spent = Duration.ofNanos(services.nanos().getAsLong() - begun);
                settle(permit, result);
                take(question, result, stamp, spent);
              } catch (RuntimeException e) {
                services.observer().fault("copies", e);
              } finally {
                permit.released();
                slot.release();
                flight.end();
                over.accept(went(result));
              }
            });
  }

  private static Went went(@Nullable Result result) {
    return result instanceof Result.Answered answered && answered.answer().status() < 500
        ? Went.ANSWERED
        : Went.UNANSWERED;
  }

  private static void settle(Permit permit, @Nullable Result result) {
    if (result instanceof Result.Answered answered) {
      if (answered.answer().status() >= 502 && answered.answer().status() <= 504) {
        permit.failed(Failure.STATUS_5XX);
      } else if (answered.answer().status() < 500) {
        permit.succeeded();
      }
    } else if (result != null) {
      permit.failed(result instanceof Result.NotSent ? Failure.CONNECT : Failure.RESET);
    }
  }

  private void take(Question question, @Nullable Result result, long stamp, Duration spent) {
    Instant now = services.clock().instant();
    StoredCopy copy = question.copy();
    CapturedAnswer answer =
        result instanceof Result.Answered told ? changed(question, told.answer()) : null;
    if (answer == null || answer.status() >= 500) {
      if (copy != null) {
        copy.hold(Keeping.holdOff(now));
      }
      return;
    }
    boolean guesses = CopyPolicy.guesses(question.reads(), question.headers());
    StoredCopy next = null;
    if (answer.status() == 304 && copy != null) {
      StoredCopy merged = copy.confirmed(answer.headers(), now, spent, guesses);
      services.copies().confirm(question.reads(), question.key(), question.fields(), merged, stamp);
    } else if (answer.whole() && storable(question, answer, now)) {
      next =
          StoredCopy.answered(
              answer.status(), answer.headers(), answer.body(), now, spent, guesses);
    }
    if (next != null) {
      services.copies().keep(question.key(), question.fields(), next, stamp);
    } else if (answer.status() != 304) {
      services.copies().evict(question.key());
    }
  }

  /** Stored as a live answer would be, with what the route's filters change. */
  private static CapturedAnswer changed(Question question, CapturedAnswer answer) {
    if (question.matched().rewriting().none()) {
      return answer;
    }
    HttpHeaders headers = new DefaultHttpHeaders();
    answer.headers().forEach(line -> headers.add(line.getKey(), line.getValue()));
    question.matched().rewriting().response(new EditedFields(headers));
    return new CapturedAnswer(answer.status(), headers.entries(), answer.body(), answer.whole());
  }

  private static boolean storable(Question question, CapturedAnswer answer, Instant now) {
    Storable storable =
        CopyPolicy.storable(
            question.reads(), "GET", answer.status(), question.headers(), answer.headers(), now);
    return storable == Storable.STORE
        && CopyPolicy.complete(question.reads(), answer.headers(), answer.body().length);
  }
}

package dev.sluice.gateway.app;

import dev.sluice.fallback.store.Fleet;
import dev.sluice.fallback.store.Fleet.Other;
import dev.sluice.fallback.store.Fleet.Roll;
import dev.sluice.gateway.fleet.Lead;
import dev.sluice.gateway.fleet.Member;
import dev.sluice.gateway.fleet.MemberNotes;
import dev.sluice.gateway.fleet.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the gateways on the same store what this one sees, once a second, and knows who of them
 * speaks. Waits for the store on a thread of its own.
 */
final class FleetWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.fleet");
  private static final Duration PATIENCE = Duration.ofSeconds(7);
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final Function<String, Member> own;
  private final LongSupplier nanos;
  private final ScheduledExecutorService ticking =
      Executors.newSingleThreadScheduledExecutor(
          run -> {
            Thread thread = new Thread(run, "sluice-fleet");
            thread.setDaemon(true);
            return thread;
          });
  private Standing.@Nullable Role told;

  // Guarded by this.
  private @Nullable Fleet fleet;
  private @Nullable Lead lead;

  /**
   * @param own what this gateway, by its id, sees at the moment
   */
  FleetWatch(Function<String, Member> own, LongSupplier nanos) {
    this.own = own;
    this.nanos = nanos;
  }

  /** The store is open; null where nobody else can share it. */
  void opened(@Nullable Fleet shared) {
    if (shared != null) {
      synchronized (this) {
        fleet = shared;
        lead = new Lead(shared.id(), Duration.ofMillis(Fleet.LEASE_MILLIS));
      }
      ticking.scheduleAtFixedRate(this::tick, 0, 1, TimeUnit.SECONDS);
    }
  }

  /** How this gateway stands now; from any thread. */
  synchronized Standing standing() {
    return lead == null ? Standing.ALONE : lead.standing(nanos.getAsLong());
  }

  /** Through it the leader writes; null where there is none. */
  synchronized @Nullable Fleet fleet() {
    return fleet;
  }

  private void tick() {
    try {
      Fleet shared = Objects.requireNonNull(fleet());
      long asked = nanos.getAsLong();
      Roll roll = asked(shared);
      synchronized (this) {
        Lead known = Objects.requireNonNull(lead);
        if (roll == null) {
          known.failed();
        } else {
          known.heard(roll.leads(), roll.epoch(), members(roll), asked);
        }
      }
      tell(standing());
    } catch (RuntimeException e) {
      LOG.error("a fault among the gateways of one store", e);
    }
  }

  /** Null where it does not answer. */
  private @Nullable Roll asked(Fleet shared) {
    Future<Roll> answer = shared.call(MemberNotes.write(own.apply(shared.id())));
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("the other gateways could not be asked", e);
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static List<Member> members(Roll roll) {
    return roll.others().stream().map(FleetWatch::member).filter(Objects::nonNull).toList();
  }

  private static @Nullable Member member(Other other) {
    return MemberNotes.read(other.id(), other.leads(), other.said());
  }

  private void tell(Standing standing) {
    if (standing.role() != told) {
      told = standing.role();
      LOG.info(
          "among {} gateways on this store: {}",
          standing.others().size() + 1,
          standing.role().label());
    }
  }

  /** Says goodbye, so that another one speaks at once. */
  @Override
  public void close() {
    ticking.shutdownNow();
    Fleet shared = fleet();
    if (shared != null) {
      try {
        shared.leave().get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        LOG.debug("the other gateways are not told of the end", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.health.HealthAnswer;
import dev.sluice.gateway.health.HealthAnswers;
import dev.sluice.gateway.health.HealthDesk;
import dev.sluice.gateway.health.Situation;
import dev.sluice.gateway.proxy.HealthResponder;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.gateway.route.HealthQuestion;
import dev.sluice.gateway.route.Matched;
import dev.sluice.probes.mode.Posture;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hands the data path's health questions to the desk; answers to the public are redacted. */
final class HealthCounter implements HealthResponder {
  private final HealthDesk desk;
  private final Supplier<Situation> situation;
  private final Asked asked;

  /** Who is told that probes may be due. */
  interface Asked {
    /** Gives what an answer waits for, or null. */
    @Nullable CompletableFuture<Void> look();
  }

  /**
   * @param asked told of each question
   */
  HealthCounter(
      Configuration configuration, Posture first, Supplier<Situation> situation, Asked asked) {
    this.situation = situation;
    this.asked = asked;
    this.desk = new HealthDesk(first, configuration, Situation.running(false));
  }

  @Override
  public Answer answer(HealthQuestion question, @Nullable Matched matched, Snapshot snapshot) {
    HealthAnswer answer = answer(question, matched, snapshot, false);
    return new Answer(answer.status(), HealthAnswer.CONTENT_TYPE, answer.body());
  }

  /** Whether the process runs is no question to the probes, but a time for them. */
  @Override
  public @Nullable CompletableFuture<Void> look(HealthQuestion question) {
    CompletableFuture<Void> looking = asked.look();
    return question == HealthQuestion.LIVE ? null : looking;
  }

  @Override
  public void kept() {
    asked.look();
  }

  /** The report with every detail, for the admin port. */
  HealthAnswer full(Snapshot snapshot) {
    return desk.report(snapshot.posture(), snapshot.configuration(), situation.get(), true);
  }

  private HealthAnswer answer(
      HealthQuestion question, @Nullable Matched matched, Snapshot snapshot, boolean full) {
    Posture posture = snapshot.posture();
    Configuration configuration = snapshot.configuration();
    Situation now = situation.get();
    return switch (question) {
      case REPORT -> desk.report(posture, configuration, now, full);
      case LIVE -> HealthAnswers.live();
      case READY -> desk.ready(posture, configuration, now, full);
      case STARTUP -> desk.startup(posture, configuration, now, full);
      case ROUTE -> {
        if (matched == null) {
          throw new IllegalArgumentException("a route's health was asked for without the route");
        }
        yield desk.route(matched.route(), matched.backend(), posture, configuration, now, full);
      }
    };
  }
}

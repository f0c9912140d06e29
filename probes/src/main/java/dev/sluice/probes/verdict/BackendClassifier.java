package dev.sluice.probes.verdict;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges one backend: by its dependencies while one of them is at fault, else by what it says of
 * itself and how its live requests end. Pure.
 */
public final class BackendClassifier {
  private BackendClassifier() {}

  /** The verdict on a scene. */
  public static Verdict judge(BackendScene scene) {
    Verdict verdict = fresh(scene);
    Verdict previous = scene.previous();
    Instant since =
        previous != null && previous.agreesWith(verdict) ? previous.since() : scene.now();
    return verdict.since(since);
  }

  private static Verdict fresh(BackendScene scene) {
    if (!scene.unwell()) {
      return scene.report() == null
          ? Verdict.warmUp(scene.subject(), scene.now())
          : Verdict.healthy(scene.subject(), scene.now());
    }
    if (down(scene)) {
      return scene.shared()
          ? said(scene, Detail.APP_DOWN, .8, null)
          : said(scene, Detail.PLATFORM_OR_APP, .5, "The platform's log of the backend.");
    }
    Verdict inherited = inherited(scene);
    if (inherited != null) {
      return inherited;
    }
    return scene.dependenciesWell() ? own(scene) : unsure(scene);
  }

  /** It gives no answer at all: no dependency's fault explains that. */
  private static boolean down(BackendScene scene) {
    Report report = scene.report();
    return report != null && !report.ok() && !report.answered();
  }

  /** The surest fault of a dependency. */
  private static @Nullable Verdict inherited(BackendScene scene) {
    return scene.dependencies().stream()
        .filter(v -> v.cause() == Cause.INFRASTRUCTURE || v.cause() == Cause.APPLICATION)
        .max(Comparator.comparingDouble(Verdict::confidence))
        .map(v -> inherit(scene, v))
        .orElse(null);
  }

  private static Verdict inherit(BackendScene scene, Verdict v) {
    return new Verdict(
        scene.subject(),
        v.cause(),
        v.detail(),
        v.confidence(),
        v.evidence(),
        scene.subject() + " needs " + v.subject() + ". " + v.sentence(),
        v.remedy(),
        v.owner(),
        scene.now(),
        v.decidingTest());
  }

  private static Verdict unsure(BackendScene scene) {
    return said(scene, Detail.APP_SILENT, .4, "The dependencies themselves, once they are judged.");
  }

  private static Verdict own(BackendScene scene) {
    PoolFigures pool = scene.pool();
    if (pool != null && pool.stuck()) {
      return said(scene, Detail.POOL_STUCK, .8, null);
    }
    if (pool != null && pool.exhausted()) {
      return said(scene, Detail.POOL_EXHAUSTED, .92, null);
    }
    Report report = scene.report();
    boolean complains = report != null && !report.ok();
    Detail read = complains && report != null ? TextPatterns.read(report.text()) : null;
    if (read != null) {
      return told(scene, read);
    }
    if (scene.passive().markedErrors()) {
      return said(scene, Detail.APP_ERROR, .92, null);
    }
    String body = "An agent beside it, or its health body.";
    return complains
        ? said(scene, Detail.APP_SILENT, .5, body)
        : said(scene, Detail.PLATFORM_OR_APP, .5, "Its marker header on errors, or its log.");
  }

  /** It says what fails for it, while the same works from here. */
  private static Verdict told(BackendScene scene, Detail read) {
    return switch (Stage.of(read)) {
      case PATH -> said(scene, Detail.BACKEND_PATH, .8, null);
      case ENTRY -> said(scene, Detail.BACKEND_CREDENTIALS, .9, null);
      default -> said(scene, read, .9, null);
    };
  }

  private static Verdict said(
      BackendScene scene, Detail detail, double confidence, @Nullable String test) {
    Advice advice = Advice.of(detail);
    Sample sample = sample(scene);
    return new Verdict(
        scene.subject(),
        confidence < .5 ? Cause.UNKNOWN : detail.cause(),
        detail,
        confidence,
        List.of(new Evidence(Wording.of(sample), sample)),
        advice.what() + " " + Wording.of(sample),
        advice.remedy(),
        advice.owner(),
        scene.now(),
        test);
  }

  private static Sample sample(BackendScene scene) {
    Report report = scene.report();
    if (report != null && !report.ok()) {
      String text = report.text();
      return new Sample(
          scene.subject(),
          Rung.BACKEND,
          report.answered() ? Vantage.BACKEND : Vantage.GATEWAY,
          false,
          0,
          null,
          List.of(),
          null,
          false,
          text,
          null);
    }
    Passive p = scene.passive();
    String text =
        "of the last 10 s: %d answered well, %d errors of the application, %d other errors, %d without an answer"
            .formatted(p.succeeded(), p.marked(), p.unmarked(), p.failed());
    return new Sample(
        scene.subject(),
        Rung.BACKEND,
        Vantage.TRAFFIC,
        false,
        0,
        null,
        List.of(),
        null,
        false,
        text,
        null);
  }
}

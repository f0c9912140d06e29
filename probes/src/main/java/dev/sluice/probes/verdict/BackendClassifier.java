package dev.sluice.probes.verdict;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
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
    if (scene.refused()) {
      return gone(scene);
    }
    Verdict inherited = inherited(scene);
    if (inherited != null) {
      return inherited;
    }
    if (scene.undecided()) {
      return unsure(scene);
    }
    PoolFigures pool = scene.pool();
    boolean waits = pool != null && (pool.exhausted() || pool.stuck());
    if (scene.silent() && !waits) {
      return hung(scene);
    }
    return scene.dependenciesWell() ? own(scene) : unsure(scene);
  }

  /**
   * Nobody listens: no silence of a dependency explains that, though its fault may have led to it,
   * and has where its process has said so before it ended.
   */
  private static Verdict gone(BackendScene scene) {
    if (!scene.shared()) {
      return said(scene, Detail.PLATFORM_OR_APP, .5, "The platform's log of the backend.");
    }
    Needed suspect = scene.suspect();
    Report report = scene.report();
    if (suspect != null && report != null && report.complaint() != null) {
      Verdict inherited = inherited(scene);
      Sample said = sample(scene);
      return inherited == null
          ? unsure(scene)
          : inherited.with(List.of(new Evidence(Wording.of(said), said)));
    }
    return suspect == null
        ? said(scene, Detail.APP_DOWN, .97, null)
        : said(
            scene,
            Detail.APP_DOWN,
            .6,
            "Its log: " + suspect.verdict().subject() + " fails too, and may have ended it.");
  }

  /** It accepts and does not answer, and everything that it depends on does. */
  private static Verdict hung(BackendScene scene) {
    return scene.shared()
        ? said(scene, Detail.APP_DOWN, .97, null)
        : said(scene, Detail.APP_SILENT, .5, "An agent beside it, or its log.");
  }

  /** The surest fault of a dependency; silence takes over even one that nobody is blamed for. */
  private static @Nullable Verdict inherited(BackendScene scene) {
    return scene.dependencies().stream()
        .filter(d -> d.blamed() || (scene.silent() && unblamed(d)))
        .map(Needed::verdict)
        .max(
            Comparator.comparingInt((Verdict v) -> v.cause() == Cause.UNKNOWN ? 0 : 1)
                .thenComparingDouble(Verdict::confidence))
        .map(v -> inherit(scene, v))
        .orElse(null);
  }

  private static boolean unblamed(Needed d) {
    return d.suspect() && d.verdict().cause() == Cause.UNKNOWN;
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
    return said(
        scene,
        Detail.APP_SILENT,
        "The backend fails, and what it depends on has not been cleared.",
        .4,
        "The dependencies themselves, once they are judged.");
  }

  private static Verdict own(BackendScene scene) {
    PoolFigures pool = scene.pool();
    Report report = scene.report();
    Detail read = report == null ? null : report.complaint();
    boolean starved = read != null && Stage.of(read) == Stage.POOL;
    if (pool != null && (pool.stuck() || (starved && pool.creating()))) {
      return stuck(scene);
    }
    if (pool != null && pool.exhausted()) {
      return said(scene, Detail.POOL_EXHAUSTED, .98, null);
    }
    if (read != null) {
      return told(scene, read);
    }
    if (report != null && report.complainsHere()) {
      return complaining(scene, report);
    }
    if (scene.passive().markedErrors()) {
      return said(scene, Detail.APP_ERROR, .98, null);
    }
    if (scene.deployed() != null) {
      return said(scene, Detail.APP_ERROR, .8, null);
    }
    if (scene.onlyNeedy()) {
      return needy(scene);
    }
    return report == null || report.ok()
        ? said(scene, Detail.PLATFORM_OR_APP, .5, "Its marker header on errors, or its log.")
        : complaining(scene, report);
  }

  /** The platform in front of it and most of itself work. */
  private static Verdict needy(BackendScene scene) {
    String needed =
        scene.dependencies().stream()
            .map(d -> d.verdict().subject())
            .collect(Collectors.joining(", "));
    return said(
        scene,
        Detail.APP_SILENT,
        "Only requests that need "
            + needed
            + " fail; others are answered. It answers here, and the backend does not say why.",
        .5,
        "An agent beside it, or its health body.");
  }

  private static Verdict complaining(BackendScene scene, Report report) {
    return report.complainsElsewhere()
        ? said(
            scene,
            Detail.PLATFORM_OR_APP,
            .5,
            "A dependency in the route file for what it complains of.")
        : said(scene, Detail.APP_SILENT, .5, "An agent beside it, or its health body.");
  }

  /**
   * Connections that are being made and are not answered: from the same place they are answered, so
   * that the pool is at fault; from another place the way is.
   */
  private static Verdict stuck(BackendScene scene) {
    return scene.shared()
        ? said(scene, Detail.POOL_STUCK, .95, null)
        : said(scene, Detail.BACKEND_PATH, bothViews(scene), .97, null);
  }

  /** It says what fails for it, while the same works from here. */
  private static Verdict told(BackendScene scene, Detail read) {
    if (Stage.of(read) == Stage.POOL && !scene.shared()) {
      return said(
          scene,
          Detail.APP_SILENT,
          "No connection came out of its pool in time: too few, leaked, or not answered.",
          .5,
          "The pool's own figures, or an agent beside it.");
    }
    if (read == Detail.CONNECTIONS_EXHAUSTED) {
      return said(scene, Detail.CAPACITY, .5, Classifier.WHOSE_SESSIONS);
    }
    return switch (Stage.of(read)) {
      case PATH -> said(scene, Detail.BACKEND_PATH, bothViews(scene), .97, null);
      case ENTRY -> said(scene, Detail.BACKEND_CREDENTIALS, .98, null);
      default -> said(scene, read, .97, null);
    };
  }

  /** What is seen here of what it needs, and what is seen there. */
  private static String bothViews(BackendScene scene) {
    String here =
        scene.dependencies().stream()
            .filter(d -> d.well() && d.millis() >= 0)
            .findFirst()
            .map(
                d ->
                    String.format(
                        Locale.ROOT,
                        "%s answers here in %,d ms; from %s it does not. ",
                        d.verdict().subject(),
                        d.millis(),
                        scene.subject()))
            .orElse("");
    return here + Advice.of(Detail.BACKEND_PATH).what();
  }

  private static Verdict said(
      BackendScene scene, Detail detail, double prior, @Nullable String test) {
    return said(scene, detail, what(scene, detail), prior, test);
  }

  /** Nothing is said of a database that nobody has named. */
  private static String what(BackendScene scene, Detail detail) {
    return detail == Detail.APP_SILENT && scene.dependencies().isEmpty()
        ? "The backend fails and does not say why; what it depends on is not named."
        : Advice.of(detail).what();
  }

  private static Verdict said(
      BackendScene scene, Detail detail, String what, double prior, @Nullable String test) {
    Advice advice = Advice.of(detail);
    double confidence = scene.capped(prior);
    Sample sample = sample(scene);
    String deployed = scene.deployed();
    return new Verdict(
        scene.subject(),
        confidence < .5 ? Cause.UNKNOWN : detail.cause(),
        detail,
        confidence,
        evidence(scene, sample),
        what + " " + Wording.of(sample) + (deployed == null ? "" : " " + deployed),
        advice.remedy(),
        advice.owner(),
        scene.now(),
        test);
  }

  private static List<Evidence> evidence(BackendScene scene, Sample sample) {
    Evidence seen = new Evidence(Wording.of(sample), sample);
    return scene.pool() == null
        ? List.of(seen)
        : List.of(seen, new Evidence("Its pool: " + scene.pool() + ".", sample));
  }

  private static Sample sample(BackendScene scene) {
    Report report = scene.report();
    if (report != null && !report.ok()) {
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
          report.text(),
          signal(report));
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

  private static @Nullable String signal(Report report) {
    return switch (report.reach()) {
      case ANSWERED -> null;
      case SILENT -> Signal.SILENT;
      case REFUSED -> Signal.REFUSED;
    };
  }
}

package dev.sluice.probes.verdict;

import dev.sluice.probes.verdict.DecisionTable.Facts;
import dev.sluice.probes.verdict.DecisionTable.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Judges one dependency. Pure: the same scene gives the same verdict.
 *
 * <p>A verdict says APPLICATION only with a sample that speaks for the backend, and blames nobody
 * below a confidence of .5; the detail then still tells what it looked like.
 */
public final class Classifier {
  private static final int ENOUGH = 3;
  private static final double UNDECIDED = .5;

  /** What settles whose fault a lack of connections is. */
  static final String WHOSE_SESSIONS =
      "pg_stat_activity by role and application while it is full, the probe with a role of its own.";

  private Classifier() {}

  /** The verdict on a scene. */
  public static Verdict judge(Scene scene) {
    Sample failed = scene.last().telling();
    if (failed == null) {
      return keepSince(scene, Verdict.healthy(scene.subject(), scene.now()));
    }
    if (failed.rung() == Rung.SELF || Signal.FROZEN.equals(failed.signal())) {
      return frozen(scene, failed);
    }
    if (!scene.proven() && scene.agreeing() < ENOUGH) {
      return keepSince(scene, Verdict.warmUp(scene.subject(), scene.now()));
    }
    if (gatewayView(scene)) {
      return keepSince(scene, said(scene, failed, Detail.GATEWAY_VIEW, Cause.NONE, .9, null));
    }
    Ways ways = new Ways(scene);
    Facts facts = new Facts(scene, failed, ways.broken(), ways.vouchedFor());
    Row row = DecisionTable.match(facts);
    return keepSince(scene, weighed(scene, failed, row));
  }

  private static Verdict frozen(Scene scene, Sample failed) {
    Verdict previous = scene.previous();
    return previous != null
        ? previous
        : said(scene, failed, Detail.SELF_FROZEN, Cause.NONE, UNDECIDED, null);
  }

  /** Only this gateway fails: requests that need the dependency succeed. */
  private static boolean gatewayView(Scene scene) {
    return scene.last().vantage() == Vantage.GATEWAY
        && scene.passive().served()
        && reported(scene) == null;
  }

  /** What the backend complains of; null when it is well or silent. */
  private static @Nullable Detail reported(Scene scene) {
    return scene.report() == null ? null : scene.report().complaint();
  }

  private static Verdict weighed(Scene scene, Sample failed, Row row) {
    double confidence = confidence(scene, row);
    Cause cause = row.detail().cause();
    boolean backendSpeaks = speaksForBackend(scene, row);
    boolean unseen = !backendSpeaks && !scene.passive().failing();
    if (unseen || (cause == Cause.APPLICATION && !backendSpeaks)) {
      confidence = Math.min(confidence, UNDECIDED);
      cause = Cause.UNKNOWN;
    } else if (confidence < UNDECIDED) {
      cause = Cause.UNKNOWN;
    }
    String test = cause == Cause.UNKNOWN ? decidingTest(row, failed) : missingControl(scene, row);
    return said(scene, failed, row.detail(), cause, confidence, test);
  }

  private static double confidence(Scene scene, Row row) {
    double confidence = row.prior();
    int agreeing = scene.agreeing();
    boolean fromGateway = scene.last().vantage() == Vantage.GATEWAY;
    if (fromGateway && sameAsReported(scene, row)) {
      confidence = .95;
    } else if (fromGateway) {
      confidence = Math.min(confidence, .8);
    }
    if (row.byControls() && scene.peers().isEmpty()) {
      confidence = Math.min(confidence, .6);
    }
    return agreeing >= ENOUGH ? confidence : Math.min(confidence, agreeing == 2 ? .85 : .7);
  }

  private static boolean speaksForBackend(Scene scene, Row row) {
    return scene.last().vantage().speaksForBackend() || sameAsReported(scene, row);
  }

  /** The backend complains of what fails here, or of the same stage of connecting. */
  private static boolean sameAsReported(Scene scene, Row row) {
    Detail reported = reported(scene);
    return reported != null && Stage.of(reported) == Stage.of(row.detail());
  }

  private static @Nullable String missingControl(Scene scene, Row row) {
    return row.byControls() && scene.peers().isEmpty()
        ? "A control on the same network: it tells the network from the instance."
        : null;
  }

  private static String decidingTest(Row row, Sample failed) {
    if ("53300".equals(failed.serverState()) && row.detail() == Detail.CAPACITY) {
      return WHOSE_SESSIONS;
    }
    return row.detail().cause() == Cause.APPLICATION || row.detail().cause() == Cause.INFRASTRUCTURE
        ? "The same climb from beside the backend: an agent there, or its health body."
        : "The server's own log and metrics at this time.";
  }

  private static Verdict said(
      Scene scene,
      Sample failed,
      Detail detail,
      Cause cause,
      double confidence,
      @Nullable String test) {
    Advice advice = Advice.of(detail);
    String sentence = advice.what() + " " + Wording.of(failed);
    if (detail == Detail.SERVER_REFUSING && !scene.proven()) {
      sentence += " It never worked since the start: the port may be wrong.";
    }
    return new Verdict(
        scene.subject(),
        cause,
        detail,
        confidence,
        evidence(scene, failed),
        sentence,
        advice.remedy(),
        advice.owner(),
        scene.now(),
        test);
  }

  private static List<Evidence> evidence(Scene scene, Sample failed) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(new Evidence(Wording.of(failed), failed));
    if ("53300".equals(failed.serverState()) && scene.sessions() != null) {
      evidence.add(new Evidence("When last seen: " + scene.sessions() + ".", failed));
    }
    for (Peer peer : scene.peers()) {
      Sample failedPeer = peer.climb().failed();
      List<Sample> all = peer.climb().samples();
      if (failedPeer != null) {
        evidence.add(new Evidence(Wording.of(failedPeer), failedPeer));
      } else if (!all.isEmpty()) {
        Sample top = all.get(all.size() - 1);
        evidence.add(new Evidence(peer.id() + " answers in " + total(all) + " ms.", top));
      }
    }
    return evidence;
  }

  private static String total(List<Sample> samples) {
    return String.format(Locale.ROOT, "%,d", samples.stream().mapToLong(Sample::millis).sum());
  }

  private static Verdict keepSince(Scene scene, Verdict verdict) {
    Verdict previous = scene.previous();
    Instant since =
        previous != null && previous.agreesWith(verdict) ? previous.since() : scene.now();
    return verdict.since(since);
  }
}

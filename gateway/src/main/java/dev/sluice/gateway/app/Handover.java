package dev.sluice.gateway.app;

import dev.sluice.config.Configuration;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.gateway.identity.OwnTokens;
import dev.sluice.gateway.proxy.FrontServer;
import dev.sluice.gateway.reload.Reload;
import dev.sluice.gateway.reload.ReloadOutcome;
import dev.sluice.gateway.reload.ReloadOutcome.Applied;
import dev.sluice.gateway.reload.ReloadOutcome.Refused;
import dev.sluice.gateway.reload.Succession;
import dev.sluice.gateway.telemetry.Telemetry;
import dev.sluice.probes.monitor.Monitor;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the running parts over to another configuration. Requests see it from one publication on,
 * made by the monitor together with the posture; what they let go of is closed after that.
 */
record Handover(
    Publication publication,
    Monitor monitor,
    FrontServer front,
    CopyStore copies,
    Telemetry telemetry,
    OverloadWatch overload,
    OwnTokens ownTokens)
    implements Reload.Running {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.reload");
  private static final long PATIENCE_SECONDS = 5;

  @Override
  public Configuration configuration() {
    return publication.get().configuration();
  }

  @Override
  public void apply(Succession succession) {
    Configuration next = succession.next();
    publication.prepare(next);
    ownTokens.prepare(next.backends());
    follow(next);
    front.keep(next.backends());
    copies.bound(next.cacheBytes());
    overload.show(telemetry, next.backends());
  }

  private void follow(Configuration next) {
    try {
      monitor.follow(next).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the monitor did not follow in time", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the monitor did not follow: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the gateway is stopping", e);
    }
  }

  @Override
  public void looked() {
    front.lookAtCertificates();
  }

  @Override
  public void reloaded(ReloadOutcome outcome) {
    telemetry.reloaded(outcome.label(), outcome instanceof Refused);
    if (outcome instanceof Refused refused) {
      LOG.error("the route files are refused, and what ran before runs on");
      refused.problems().forEach(LOG::error);
    } else if (outcome instanceof Applied applied) {
      LOG.warn("the route files were read again: {}", said(applied.succession()));
      applied.warnings().forEach(LOG::warn);
    } else {
      LOG.info("the route files say what runs already");
    }
    outcome.needsRestart().forEach(key -> LOG.warn("{} needs a restart to change", key));
  }

  private static String said(Succession succession) {
    StringBuilder said = new StringBuilder();
    succession
        .lists()
        .forEach(
            (kind, changed) -> said.append(kind).append(' ').append(changed.shown()).append(' '));
    List<String> settings = succession.settings();
    return said.append(settings.isEmpty() ? "" : "settings " + settings).toString().strip();
  }
}

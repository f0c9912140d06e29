package dev.sluice.gateway.agent;

import dev.sluice.config.Secret;
import dev.sluice.probes.monitor.AgentReport;
import dev.sluice.probes.monitor.MonitorListener;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Verdict;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what a monitor sees to a gateway, soon after it was seen. Of each target the latest climb
 * waits, so that a gateway that cannot be reached costs no memory; what it missed is sent once it
 * is back only as far as it is still true.
 */
public final class Reporter implements MonitorListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.agent");
  private static final Duration EVERY = Duration.ofMillis(200);
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration WHOLE = Duration.ofSeconds(4);
  private static final Duration SLOWEST = Duration.ofSeconds(5);
  private static final String PATH = "/-/samples";

  private final String agent;
  private final URI to;
  private final Secret token;
  private final HttpClient client;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "sluice-agent-reports");
            made.setDaemon(true);
            return made;
          });
  private final Map<String, Climb> waiting = new LinkedHashMap<>();
  private String trouble = "";
  private boolean taken;
  private Duration pause = EVERY;

  /**
   * @param to the gateway's admin port, as a URL without a path
   */
  public Reporter(String agent, URI to, Secret token) {
    this.agent = agent;
    this.to = to.resolve(PATH);
    this.token = token;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Begins to send. */
  public void start() {
    thread.schedule(this::send, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void climbed(Climb climb, Verdict verdict) {
    control(climb);
  }

  @Override
  public void control(Climb climb) {
    synchronized (waiting) {
      waiting.remove(climb.targetId());
      waiting.put(climb.targetId(), climb);
    }
  }

  private void send() {
    try {
      List<Climb> due = due();
      if (!due.isEmpty()) {
        post(due);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (IOException | RuntimeException e) {
      failed("the gateway at " + to + " does not answer: " + reason(e));
    }
    if (!thread.isShutdown()) {
      thread.schedule(this::send, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private List<Climb> due() {
    synchronized (waiting) {
      List<Climb> due = new ArrayList<>(waiting.values());
      waiting.clear();
      return due;
    }
  }

  private void post(List<Climb> climbs) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(to)
            .timeout(WHOLE)
            .header("Authorization", "Bearer " + token.reveal())
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    ReportWriter.bytes(new AgentReport(agent, climbs))))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() == 200) {
      sent(answer.body());
    } else {
      String body = answer.body();
      String said = body.length() > 300 ? body.substring(0, 300) : body;
      failed("the gateway at " + to + " refuses reports: " + answer.statusCode() + " " + said);
    }
  }

  private void sent(String body) {
    if (!taken || !trouble.isEmpty()) {
      LOG.info("the gateway at {} takes reports: {}", to, body);
    }
    taken = true;
    trouble = "";
    pause = EVERY;
  }

  /** Told once for each kind of trouble, and tried less and less often. */
  private void failed(String why) {
    if (!trouble.equals(why)) {
      LOG.warn("{}; the reports are tried again", why);
    }
    trouble = why;
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(SLOWEST) < 0 ? longer : SLOWEST;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}

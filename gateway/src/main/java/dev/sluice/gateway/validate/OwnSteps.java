package dev.sluice.gateway.validate;

import dev.sluice.config.Validation;
import dev.sluice.config.Validation.Http;
import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Step;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The steps that a route file has of its own: requests and commands. Blocks. */
public final class OwnSteps {
  private static final String NAME = "own step";
  private static final int LONGEST = 200;

  private final LongSupplier nanos;
  private final HttpClient client = HttpClient.newBuilder().build();

  public OwnSteps(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** One of them, within its time. */
  public Step run(Validation.Step step) {
    long begun = nanos.getAsLong();
    Http http = step.http();
    Found found = http == null ? ran(step.exec(), step.within()) : asked(http, step.within());
    Duration took = Duration.ofNanos(nanos.getAsLong() - begun);
    Outcome outcome = found.well() ? Outcome.PASSED : Outcome.FAILED;
    return Step.of(NAME, step.id(), outcome, found.sentence(), took);
  }

  private record Found(boolean well, String sentence) {}

  private Found asked(Http http, Duration within) {
    HttpRequest request = HttpRequest.newBuilder(http.url()).timeout(within).build();
    try {
      HttpResponse<String> answer =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      boolean status = answer.statusCode() == http.status();
      String contains = http.contains();
      boolean body = contains == null || answer.body().contains(contains);
      String wrong = status ? "; what it must contain is missing" : ", not " + http.status();
      return new Found(status && body, answer.statusCode() + (status && body ? "" : wrong));
    } catch (HttpTimeoutException e) {
      return new Found(false, "no answer within " + within.toMillis() + " ms");
    } catch (IOException e) {
      return new Found(false, "no answer: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Found(false, "it was not waited for");
    }
  }

  private static Found ran(List<String> command, Duration within) {
    try {
      Path output = Files.createTempFile("sluice-step-", ".txt");
      try {
        return ran(command, within, output);
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      return new Found(false, "it cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Found(false, "it was not waited for");
    }
  }

  private static Found ran(List<String> command, Duration within, Path output)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(output.toFile()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      return new Found(false, "no end within " + within.toMillis() + " ms");
    }
    int exit = process.exitValue();
    return new Found(exit == 0, "exit " + exit + last(output));
  }

  /** The last line that it wrote. */
  private static String last(Path output) throws IOException {
    String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    String line = text.lines().filter(each -> !each.isBlank()).reduce("", (a, b) -> b).strip();
    String shown = line.replaceAll("\\p{Cntrl}", "?");
    return shown.isEmpty() ? "" : ": " + shown.substring(0, Math.min(LONGEST, shown.length()));
  }
}

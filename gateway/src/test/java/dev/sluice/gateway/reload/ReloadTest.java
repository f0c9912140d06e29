package dev.sluice.gateway.reload;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.reload.ReloadOutcome.Applied;
import dev.sluice.gateway.reload.ReloadOutcome.Refused;
import dev.sluice.gateway.reload.ReloadOutcome.Trigger;
import dev.sluice.gateway.reload.ReloadOutcome.Unchanged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest implements Reload.Running {
  private static final String FILE =
      """
      backends:
        - { id: orders, url: "http://127.0.0.1:8081" }
      routes:
        - { id: read, match: { path: "%s" }, backend: orders }
      """;

  @TempDir Path folder;
  private final List<ReloadOutcome> told = new CopyOnWriteArrayList<>();
  private final CountDownLatch go = new CountDownLatch(1);
  private volatile boolean held;
  private volatile boolean failing;
  private volatile boolean applying;
  private volatile Configuration running = Postures.configuration(FILE.formatted("/a"));
  private Path file;
  private Reload reload;

  @BeforeEach
  void start() throws IOException {
    file = Files.writeString(folder.resolve("routes.yaml"), FILE.formatted("/a"));
    reload = new Reload(List.of(folder), name -> null, InstantSource.system(), this);
  }

  @AfterEach
  void stop() {
    go.countDown();
    reload.close();
  }

  @Override
  public Configuration configuration() {
    return running;
  }

  @Override
  public void apply(Succession succession) {
    applying = true;
    try {
      if (held && !go.await(10, SECONDS)) {
        throw new IllegalStateException("nobody lets it go");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (failing) {
      throw new IllegalStateException("as told");
    }
    running = succession.next();
  }

  @Override
  public void looked() {}

  @Override
  public void reloaded(ReloadOutcome outcome) {
    told.add(outcome);
  }

  private ReloadOutcome now() {
    return reload.ask(Trigger.ADMIN).orTimeout(10, SECONDS).join();
  }

  @Test
  void aGoodFileIsAppliedAndToldOnce() throws IOException {
    assertThat(now()).isInstanceOf(Unchanged.class);
    Files.writeString(file, FILE.formatted("/b"));
    assertThat(now()).isInstanceOf(Applied.class);
    assertThat(running.routes().get(0).match().path()).isEqualTo("/b");
    assertThat(now()).isInstanceOf(Unchanged.class);
    assertThat(told.stream().filter(Applied.class::isInstance)).hasSize(1);
    assertThat(reload.latest()).isInstanceOf(Unchanged.class);
  }

  @Test
  void aBadFileChangesNothingAndEachProblemHasItsPlace() throws IOException {
    Configuration before = running;
    Files.writeString(file, FILE.formatted("/b").replace("backend: orders", "backend: nobody"));
    assertThat(now())
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.problems())
                    .singleElement()
                    .asString()
                    .contains("routes.yaml:4:")
                    .contains("nobody"));
    assertThat(running).isSameAs(before);
  }

  @Test
  void aBadContentIsReportedOnceAndItsRepairToo() throws IOException {
    Files.writeString(file, "routes: [\n");
    reload.watch(Duration.ofMillis(20));
    await().until(() -> told.size() == 1);
    assertThat(told.get(0)).isInstanceOf(Refused.class);
    Files.writeString(folder.resolve("other.txt"), "not a route file");
    await().pollDelay(Duration.ofMillis(300)).until(() -> told.size() == 1);
    Files.writeString(file, "routes: [\n\n");
    await().until(() -> told.size() == 2);
    Files.writeString(file, FILE.formatted("/a"));
    await().until(() -> told.size() == 3);
    assertThat(told.get(2)).as("back to what runs").isInstanceOf(Unchanged.class);
  }

  @Test
  void aChangedFileAndANewOneAreSeen() throws IOException {
    reload.watch(Duration.ofMillis(20));
    Files.writeString(file, FILE.formatted("/b"));
    await().until(() -> running.routes().get(0).match().path().equals("/b"));
    Files.writeString(
        folder.resolve("more.yaml"),
        "routes: [ { id: more, match: { path: /more }, backend: orders } ]\n");
    await().until(() -> running.routes().size() == 2);
    assertThat(told).hasSize(2).allMatch(outcome -> outcome.trigger() == Trigger.FILES);
  }

  @Test
  void aFirstLookThatFindsWhatRunsSaysNothing() throws IOException {
    reload.watch(Duration.ofMillis(20));
    await().pollDelay(Duration.ofMillis(300)).until(told::isEmpty);
    Files.writeString(file, FILE.formatted("/b"));
    await().until(() -> told.size() == 1);
  }

  @Test
  void thoseThatAskMeanwhileShareOneMore() throws IOException {
    held = true;
    Files.writeString(file, FILE.formatted("/b"));
    CompletableFuture<ReloadOutcome> first = reload.ask(Trigger.SIGNAL);
    await().until(() -> applying);
    List<CompletableFuture<ReloadOutcome>> others = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 100; i++) {
      others.add(reload.ask(Trigger.ADMIN));
    }
    go.countDown();
    assertThat(first.orTimeout(10, SECONDS).join()).isInstanceOf(Applied.class);
    others.forEach(other -> other.orTimeout(10, SECONDS).join());
    assertThat(told).as("not one for each that asked").hasSize(2);
  }

  @Test
  void whatCannotBeAppliedIsRefusedWithItsReason() throws IOException {
    failing = true;
    Files.writeString(file, FILE.formatted("/b"));
    assertThat(now())
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.problems()).containsExactly("the reload failed: as told"));
    assertThat(running.routes().get(0).match().path()).isEqualTo("/a");
  }

  @Test
  void afterTheStopItSaysSo() {
    reload.close();
    assertThat(now()).isInstanceOf(Refused.class);
  }
}

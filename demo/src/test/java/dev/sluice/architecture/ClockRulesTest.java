package dev.sluice.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ClockRulesTest {
  /** Reads the clock in every way that there is, one a field. */
  @SuppressWarnings({"unused", "JavaUtilDate", "JavaTimeDefaultTimeZone"})
  private static final class Reader {
    final LongSupplier nanos = System::nanoTime;
    final LongSupplier millis = System::currentTimeMillis;
    final LongSupplier called = () -> System.nanoTime();
    final Supplier<Instant> instant = Instant::now;
    final Supplier<InstantSource> source = InstantSource::system;
    final InstantSource sourceCalled = InstantSource.system();
    final Clock utc = Clock.systemUTC();
    final Clock zoned = Clock.system(ZoneOffset.UTC);
    final Clock here = Clock.systemDefaultZone();
    final Clock ticking = Clock.tickSeconds(ZoneOffset.UTC);
    final Date date = new Date();
    final Supplier<Date> dates = Date::new;
    final LocalDateTime local = LocalDateTime.now(ZoneOffset.UTC);
    final Function<ZoneId, ZonedDateTime> zonedNow = ZonedDateTime::now;
    final Calendar calendar = Calendar.getInstance();
  }

  /** Takes what it is given. */
  @SuppressWarnings({"unused", "JavaUtilDate", "JavaTimeDefaultTimeZone"})
  private static final class Listener {
    final Clock fixed = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    final Instant instant = Instant.now(fixed);
    final Clock ticks = Clock.tick(fixed, Duration.ofSeconds(1));
    final Date date = new Date(0);
    final long length = TimeUnit.SECONDS.toNanos(1);
  }

  @SuppressWarnings("unused")
  private static final class Sleeper {
    void sleeps() throws InterruptedException {
      Thread.sleep(1);
      Thread.sleep(1, 1);
      TimeUnit.SECONDS.sleep(1);
    }

    interface Sleep {
      void sleep(long time) throws InterruptedException;
    }

    final Sleep thread = Thread::sleep;
    final Sleep unit = TimeUnit.SECONDS::sleep;
  }

  private static List<String> broken(ArchRule rule, Class<?> type) {
    JavaClasses classes = new ClassFileImporter().importClasses(type);
    EvaluationResult result = rule.allowEmptyShould(true).evaluate(classes);
    return result.getFailureReport().getDetails();
  }

  private static ArchRule reads() {
    return ClockRules.readsNone(noClasses().that().resideInAPackage("dev.sluice.."));
  }

  private static ArchRule sleeps() {
    return ClockRules.sleepsNever(noClasses().that().resideInAPackage("dev.sluice.."));
  }

  @Test
  void everyWayToReadTheClockIsFound() {
    assertThat(broken(reads(), Reader.class)).hasSize(Reader.class.getDeclaredFields().length);
  }

  @Test
  void anInjectedClockIsNoBreach() {
    assertThat(broken(reads(), Listener.class)).isEmpty();
  }

  @Test
  void everyWayToSleepIsFound() {
    assertThat(broken(sleeps(), Sleeper.class)).hasSize(5);
  }
}

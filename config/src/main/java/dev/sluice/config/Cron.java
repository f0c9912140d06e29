package dev.sluice.config;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.sluice.config.Validation.Schedule;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When schedules are due, by the five fields of crontab(5). Pure. */
public final class Cron {
  private static final CronDefinition UNIX =
      CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);

  private Cron() {}

  static boolean valid(String text) {
    try {
      new CronParser(UNIX).parse(text).validate();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The first time after this one; null where there is none, as on the 30th of February. */
  public static @Nullable Instant next(Schedule schedule, Instant after) {
    return ExecutionTime.forCron(new CronParser(UNIX).parse(schedule.cron()))
        .nextExecution(after.atZone(schedule.zone()))
        .map(time -> time.toInstant())
        .orElse(null);
  }
}

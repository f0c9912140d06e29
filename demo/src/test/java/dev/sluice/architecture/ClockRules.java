package dev.sluice.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.List;
import java.util.Set;

/** Who reads a clock or sleeps, by a call or by a method reference. */
final class ClockRules {
  private static final Set<String> OF_SYSTEM = Set.of("nanoTime", "currentTimeMillis");
  private static final Set<String> OF_CLOCK =
      Set.of(
          "systemUTC", "systemDefaultZone", "system", "tickMillis", "tickSeconds", "tickMinutes");
  private static final Set<String> SLEEPERS =
      Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit");

  private ClockRules() {}

  static ArchRule readsNone(GivenClassesConjunction classes) {
    return classes
        .should()
        .accessTargetWhere(
            DescribedPredicate.<JavaAccess<?>>describe(
                "reads the time of the machine", access -> readsClock(access)))
        .as("no clock of the machine is read outside gateway.app");
  }

  static ArchRule sleepsNever(GivenClassesConjunction classes) {
    return classes
        .should()
        .accessTargetWhere(
            DescribedPredicate.<JavaAccess<?>>describe(
                "sleeps",
                access ->
                    SLEEPERS.contains(access.getTargetOwner().getName())
                        && access.getTarget().getName().equals("sleep")))
        .as("nobody sleeps");
  }

  private static boolean readsClock(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getTarget().getName();
    return switch (owner) {
      case "java.lang.System" -> OF_SYSTEM.contains(name);
      case "java.time.Clock", "java.time.InstantSource" -> OF_CLOCK.contains(name);
      case "java.util.Calendar" -> name.equals("getInstance");
      case "java.util.Date", "java.util.GregorianCalendar" ->
          name.equals("<init>") && parameters(access).stream().noneMatch(ClockRules::isNumber);
      default -> owner.startsWith("java.time.") && name.equals("now") && ownClock(access);
    };
  }

  private static boolean isNumber(String type) {
    return type.equals("long") || type.equals("int");
  }

  /** {@code now(Clock)} reads a clock that was injected. */
  private static boolean ownClock(JavaAccess<?> access) {
    return !parameters(access).contains("java.time.Clock");
  }

  private static List<String> parameters(JavaAccess<?> access) {
    return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
        ? target.getRawParameterTypes().stream().map(JavaClass::getName).toList()
        : List.of();
  }
}

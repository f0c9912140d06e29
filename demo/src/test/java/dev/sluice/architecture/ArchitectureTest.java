package dev.sluice.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The directions between modules and the library and clock rules, held by the build. */
class ArchitectureTest {
  private static final JavaClasses SLUICE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.sluice");

  /** What stands outside demo: the rules for libraries and clocks are about the product. */
  private static final DescribedPredicate<JavaClass> PRODUCT =
      resideInAnyPackage(
          "dev.sluice.config..",
          "dev.sluice.probes..",
          "dev.sluice.fallback..",
          "dev.sluice.gateway..");

  private record Library(String name, List<String> packages, List<String> allowed) {}

  private static final List<Library> LIBRARIES =
      List.of(
          new Library(
              "Resilience4j",
              List.of("io.github.resilience4j.."),
              List.of("dev.sluice.probes.breaker..")),
          new Library(
              "Caffeine",
              List.of("com.github.benmanes.caffeine.."),
              List.of("dev.sluice.fallback.cache..")),
          new Library(
              "concurrency-limits",
              List.of("com.netflix.concurrency.."),
              List.of("dev.sluice.gateway.filter..")),
          new Library(
              "JDBC and R2DBC",
              List.of("java.sql..", "javax.sql..", "io.r2dbc..", "org.sqlite.."),
              List.of("dev.sluice.probes.ladder..", "dev.sluice.fallback.store..")),
          new Library("picocli", List.of("picocli.."), List.of("dev.sluice.gateway.cli..")),
          new Library(
              "Micrometer",
              List.of("io.micrometer.core..", "io.micrometer.prometheusmetrics.."),
              List.of("dev.sluice.gateway.telemetry..")),
          new Library("YAML", List.of("org.snakeyaml.."), List.of("dev.sluice.config..")),
          new Library(
              "Jackson",
              List.of("tools.jackson.."),
              List.of("dev.sluice.gateway..", "dev.sluice.probes.ladder..")));

  @TestFactory
  Stream<DynamicTest> holds() {
    List<ArchRule> rules = new ArrayList<>(directions());
    LIBRARIES.forEach(library -> rules.add(only(library)));
    rules.add(reactorStaysOut());
    rules.addAll(clocks());
    rules.add(slices().matching("dev.sluice.(*).(*)..").should().beFreeOfCycles());
    return rules.stream()
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(SLUICE)));
  }

  private static List<ArchRule> directions() {
    return List.of(
        away("dev.sluice.config..", "probes", "fallback", "gateway", "demo"),
        away("dev.sluice.probes..", "fallback", "gateway", "demo"),
        away("dev.sluice.fallback..", "probes", "gateway", "demo"),
        away("dev.sluice.gateway..", "demo"));
  }

  private static ArchRule away(String from, String... modules) {
    String[] packages =
        Stream.of(modules).map(module -> "dev.sluice." + module + "..").toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages);
  }

  private static ArchRule only(Library library) {
    return noClasses()
        .that(PRODUCT.and(not(resideInAnyPackage(library.allowed().toArray(String[]::new)))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library.packages().toArray(String[]::new))
        .as(library.name() + " stays in " + String.join(" and ", library.allowed()));
  }

  private static ArchRule reactorStaysOut() {
    return noClasses()
        .that()
        .resideInAnyPackage(
            "dev.sluice.gateway.proxy..",
            "dev.sluice.gateway.route..",
            "dev.sluice.probes.verdict..",
            "dev.sluice.config..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("reactor..", "org.reactivestreams..");
  }

  private static List<ArchRule> clocks() {
    DescribedPredicate<JavaClass> timeless =
        PRODUCT.and(not(resideInAPackage("dev.sluice.gateway.app..")));
    return List.of(
        ClockRules.readsNone(noClasses().that(timeless)),
        ClockRules.sleepsNever(noClasses().that().resideInAPackage("dev.sluice..")));
  }
}

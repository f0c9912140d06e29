package dev.sluice.gates;

import static java.util.function.Predicate.not;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Puts the gates up before the first test and judges after the last. The verdict goes to the file
 * that the property {@value #REPORT} names, which the build reads: it fails unless that file says
 * {@value #CLEAN}, so that a gate which never stood fails it too. JUnit finds this class as a
 * service.
 */
public final class Gates implements LauncherSessionListener {
  static final String REPORT = "gates.report";
  static final String CLEAN = "found 0 leaks and 0 blocking calls";

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Leaks.install();
    BlockingCalls.install();
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    Leaks.settle();
    String verdict = verdict();
    write(verdict);
    if (!verdict.startsWith(CLEAN)) {
      throw failure(verdict);
    }
  }

  /** Maven prints it more than once, so it names our own lines alone. */
  static AssertionError failure(String verdict) {
    Predicate<String> ours = line -> !line.startsWith("\t") || line.contains("dev.sluice");
    String lines =
        verdict.lines().filter(ours).filter(not(String::isBlank)).collect(Collectors.joining("\n"));
    AssertionError failure =
        new AssertionError(lines + "\nWhole stacks: " + System.getProperty(REPORT));
    failure.setStackTrace(new StackTraceElement[0]);
    return failure;
  }

  /** One line, and below it everything that was found. */
  static String verdict() {
    StringBuilder text = new StringBuilder();
    text.append("found ").append(Leaks.reports().size()).append(" leaks and ");
    text.append(BlockingCalls.seen().size()).append(" blocking calls\n");
    Leaks.reports().forEach(leak -> text.append('\n').append(leak).append('\n'));
    BlockingCalls.seen().forEach(call -> text.append('\n').append(call).append('\n'));
    return text.toString();
  }

  private static void write(String verdict) {
    @Nullable String file = System.getProperty(REPORT);
    if (file == null) {
      return;
    }
    try {
      Files.writeString(Path.of(file), verdict);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

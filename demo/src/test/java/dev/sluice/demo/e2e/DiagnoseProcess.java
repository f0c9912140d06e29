package dev.sluice.demo.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The command {@code diagnose} in a process of its own. */
final class DiagnoseProcess {
  private DiagnoseProcess() {}

  /** Its exit code; what it printed goes into the test's report. */
  static int run(Path routes) throws IOException {
    return run(routes, Map.of());
  }

  /** The same of one dependency alone. */
  static int run(Path routes, String dependency) throws IOException {
    return run(routes, Map.of(), "--dependency", dependency);
  }

  /** The same with these variables in its environment. */
  static int run(Path routes, Map<String, String> environment, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("diagnose", "--config", routes.toString()));
    words.addAll(Arrays.asList(more));
    return CommandProcess.run(environment, words).exit();
  }
}

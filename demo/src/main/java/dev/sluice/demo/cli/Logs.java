package dev.sluice.demo.cli;

import dev.sluice.demo.postgres.Leftovers;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Where the log goes: into a file, since the terminal is for the demo's own lines. */
final class Logs {
  private Logs() {}

  /** Opens the log in the folder. To be called before anything else logs. */
  static Path into(Path folder) {
    Path file = folder.resolve("demo.log");
    System.setProperty("sluice.demo.log", file.toString());
    System.setProperty("logback.configurationFile", "logback-demo.xml");
    Leftovers.step(LoggerFactory::getILoggerFactory);
    return file;
  }
}

package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.recording.Comparison;
import dev.sluice.gateway.recording.Recording;
import dev.sluice.gateway.recording.RecordingReader;
import dev.sluice.gateway.recording.Rerun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code replay}: a recorded outage once more, under other settings. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Goes through a recording once more in virtual time, under these route files, and shows",
      "when verdicts, breakers, mode and alerts would have acted beside when they did. GET",
      "/recording of an admin port gives the last hour and a half, /recording?outage=ID one outage.",
      "Contacts nobody."
    })
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RouteFiles files = new RouteFiles();

  @Parameters(paramLabel = "FILE", description = "The recording.")
  private Path file = Path.of("");

  @Option(names = "--format", defaultValue = "text", description = "text or json.")
  private CheckCommand.Format format = CheckCommand.Format.text;

  @Override
  public Integer call() {
    PrintWriter errors = spec.commandLine().getErr();
    Configuration configuration = files.loadOrTell(errors);
    Recording recording = configuration == null ? null : read(errors);
    if (configuration == null || recording == null) {
      return Exit.USAGE;
    }
    Rerun.Result result = Rerun.of(configuration, recording);
    List<Comparison.Pair> pairs = Comparison.of(recording.acts(), result.acts());
    ReplayReport report = new ReplayReport(configuration, recording, result, pairs);
    PrintWriter out = spec.commandLine().getOut();
    out.println(format == CheckCommand.Format.json ? report.json() : report.text());
    out.flush();
    return Exit.OK;
  }

  private @Nullable Recording read(PrintWriter errors) {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      return RecordingReader.read(lines);
    } catch (NoSuchFileException e) {
      errors.println("sluice: there is no file " + file);
    } catch (MalformedInputException e) {
      errors.println("sluice: " + file + " is no text, and so no recording");
    } catch (IOException e) {
      errors.println("sluice: " + file + " cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      errors.println("sluice: " + file + ": " + e.getMessage());
    }
    errors.flush();
    return null;
  }
}

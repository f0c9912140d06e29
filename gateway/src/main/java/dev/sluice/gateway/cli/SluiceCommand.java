package dev.sluice.gateway.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code sluice}: the root of all commands. */
@Command(
    name = "sluice",
    description = "A health gateway in front of services with a database behind them.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      RunCommand.class,
      CheckCommand.class,
      ExplainCommand.class,
      DiagnoseCommand.class,
      QueueCommand.class,
      SchemaCommand.class
    })
public final class SluiceCommand implements Runnable {
  @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Stack traces with errors.")
  private boolean verbose;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(line().execute(arguments));
  }

  static CommandLine line() {
    SluiceCommand root = new SluiceCommand();
    return new CommandLine(root).setExecutionExceptionHandler(root::tell);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a command is missing: run, check, explain, diagnose, queue or schema");
  }

  private int tell(Exception error, CommandLine command, CommandLine.ParseResult arguments) {
    command.getErr().println("sluice: " + error.getMessage());
    if (verbose) {
      error.printStackTrace(command.getErr());
    }
    return Exit.FAILED;
  }
}

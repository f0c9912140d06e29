package dev.sluice.gateway.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code sluice}: the root of all commands. */
@Command(
    name = "sluice",
    description = "A health gateway in front of services with a database behind them.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      RunCommand.class,
      AgentCommand.class,
      CheckCommand.class,
      ExplainCommand.class,
      DiagnoseCommand.class,
      ValidateCommand.class,
      QueueCommand.class,
      AlertCommand.class,
      ReportCommand.class,
      RehearseCommand.class,
      SchemaCommand.class
    })
public final class SluiceCommand implements Runnable {
  @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Stack traces with errors.")
  private boolean verbose;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(line(), arguments));
  }

  /** The exit code of a command whose whole output has been handed to the system. */
  public static int run(CommandLine line, String... arguments) {
    int code = line.execute(arguments);
    line.getOut().flush();
    line.getErr().flush();
    return code;
  }

  /** All commands, and those that a larger jar adds to them. */
  public static CommandLine line(Object... more) {
    SluiceCommand root = new SluiceCommand();
    CommandLine line = new CommandLine(root);
    for (Object command : more) {
      line.addSubcommand(command);
    }
    return line.setUnmatchedOptionsAllowedAsOptionParameters(false)
        .setParameterExceptionHandler(SluiceCommand::misused)
        .setExecutionExceptionHandler(root::tell);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
  }

  private static int misused(ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    PrintWriter errors = command.getErr();
    errors.println("sluice: " + error.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(error, errors)) {
      errors.println("'" + command.getCommandSpec().qualifiedName() + " --help' tells the usage");
    }
    return Exit.USAGE;
  }

  private int tell(Exception error, CommandLine command, CommandLine.ParseResult arguments) {
    command.getErr().println("sluice: " + error.getMessage());
    if (verbose) {
      error.printStackTrace(command.getErr());
    }
    return Exit.FAILED;
  }
}

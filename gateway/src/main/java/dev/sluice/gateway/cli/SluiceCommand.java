package dev.sluice.gateway.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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
    versionProvider = Version.class)
public final class SluiceCommand implements Runnable {
  private static final String NETTY_EVENTS = "io.netty.jfr.enabled";

  /**
   * Each by its name; only the one that is called is made, since picocli reads each by reflection.
   */
  private static final Map<String, Supplier<Object>> COMMANDS = commands();

  @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Stack traces with errors.")
  private boolean verbose;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Supplier<Object> called = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
    System.exit(run(called == null ? line() : with(List.of(called.get())), arguments));
  }

  /** The exit code of a command whose whole output has been handed to the system. */
  public static int run(CommandLine line, String... arguments) {
    withoutNettyEvents();
    int code = line.execute(arguments);
    line.getOut().flush();
    line.getErr().flush();
    return code;
  }

  /**
   * Netty's events for JFR are off unless asked for: they cost a third of a second at the start.
   */
  private static void withoutNettyEvents() {
    if (System.getProperty(NETTY_EVENTS) == null) {
      System.setProperty(NETTY_EVENTS, "false");
    }
  }

  /** All commands, and those that a larger jar adds to them. */
  public static CommandLine line(Object... more) {
    List<Object> all = new ArrayList<>(COMMANDS.values().stream().map(Supplier::get).toList());
    all.addAll(Arrays.asList(more));
    return with(all);
  }

  private static CommandLine with(List<Object> commands) {
    SluiceCommand root = new SluiceCommand();
    CommandLine line = new CommandLine(root);
    commands.forEach(line::addSubcommand);
    return line.setUnmatchedOptionsAllowedAsOptionParameters(false)
        .setParameterExceptionHandler(SluiceCommand::misused)
        .setExecutionExceptionHandler(root::tell);
  }

  private static Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("init", InitCommand::new);
    commands.put("run", RunCommand::new);
    commands.put("watch", WatchCommand::new);
    commands.put("agent", AgentCommand::new);
    commands.put("check", CheckCommand::new);
    commands.put("explain", ExplainCommand::new);
    commands.put("diagnose", DiagnoseCommand::new);
    commands.put("validate", ValidateCommand::new);
    commands.put("drill", DrillCommand::new);
    commands.put("replay", ReplayCommand::new);
    commands.put("queue", QueueCommand::new);
    commands.put("alert", AlertCommand::new);
    commands.put("report", ReportCommand::new);
    commands.put("rehearse", RehearseCommand::new);
    commands.put("schema", SchemaCommand::new);
    return commands;
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

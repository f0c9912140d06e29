package dev.sluice.gateway.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a command line printed and how it ended. */
record Typed(int exit, String out, String err) {
  static Typed typed(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = SluiceCommand.line();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exit = SluiceCommand.run(line, arguments);
    return new Typed(exit, out.toString(), err.toString());
  }
}

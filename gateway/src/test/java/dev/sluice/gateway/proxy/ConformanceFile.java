package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.ConformanceCase.After;
import dev.sluice.gateway.proxy.ConformanceCase.Expected;
import dev.sluice.gateway.proxy.ConformanceCase.Reply;
import dev.sluice.gateway.proxy.ConformanceCase.Sight;
import dev.sluice.gateway.proxy.ConformanceCase.Step;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads the case files; {@code README} beside them says how they are written. */
public final class ConformanceFile {
  private static final Path FOLDER = folder();

  private final String theme;
  private final List<ConformanceCase> cases = new ArrayList<>();
  private final StringBuilder before = new StringBuilder();
  private final StringBuilder after = new StringBuilder();
  private ConformanceCase current;
  private Expected expected;
  private boolean replying;
  private boolean keep;

  private ConformanceFile(String theme) {
    this.theme = theme;
  }

  /** Every case of every file. */
  public static List<ConformanceCase> all() throws IOException {
    List<ConformanceCase> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
        String name = file.getFileName().toString();
        all.addAll(parse(name.substring(0, name.length() - 4), Files.readAllLines(file)));
      }
    }
    return all;
  }

  private static Path folder() {
    try {
      return Path.of(
          Objects.requireNonNull(ConformanceFile.class.getResource("/conformance")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<ConformanceCase> parse(String theme, List<String> lines) {
    ConformanceFile file = new ConformanceFile(theme);
    for (int i = 0; i < lines.size(); i++) {
      try {
        file.line(lines.get(i));
      } catch (RuntimeException e) {
        throw new IllegalArgumentException(theme + " line " + (i + 1) + ": " + lines.get(i), e);
      }
    }
    file.finish();
    return file.cases;
  }

  private void line(String line) {
    if (line.isBlank() || line.startsWith("#")) {
      return;
    }
    if (line.startsWith("== ")) {
      finish();
      current = new ConformanceCase(theme, line.substring(3));
    } else {
      int space = line.indexOf(' ');
      String word = space < 0 ? line : line.substring(0, space);
      word(word, space < 0 ? "" : line.substring(space + 1));
    }
  }

  private void word(String word, String rest) {
    switch (word) {
      case "rfc" -> current.rfc = rfc(rest);
      case ">" -> send(rest + "\\r\\n");
      case ">>" -> send(rest);
      case "wait" -> current.steps.add(new Step.Wait(Integer.parseInt(rest)));
      case "end" -> current.steps.add(new Step.End());
      case "reply" -> reply(rest);
      case "<" -> after.append(Escapes.bytes(rest + "\\r\\n"));
      case "<<" -> after.append(Escapes.bytes(rest));
      case "<^" -> before.append(Escapes.bytes(rest + "\\r\\n"));
      case "backend" -> backend(rest, false);
      case "backend+" -> backend(rest, true);
      case "answer" -> answer(rest);
      case "refused" -> refused(rest);
      case "header" -> expected.fields.add(Escapes.bytes(rest));
      case "without" -> expected.without.add(rest);
      case "trailer" -> expected.trailers.add(Escapes.bytes(rest));
      case "body" -> expected.body = Escapes.bytes(rest);
      default -> throw new IllegalArgumentException("unknown word " + word);
    }
  }

  private static String rfc(String text) {
    String[] parts = text.split(" ", -1);
    if (parts.length != 2 || !parts[0].matches("\\d{4}") || !parts[1].matches("[0-9.]+")) {
      throw new IllegalArgumentException("not NUMBER SECTION: " + text);
    }
    return text;
  }

  private void send(String escaped) {
    String bytes = Escapes.bytes(escaped);
    int last = current.steps.size() - 1;
    if (last >= 0 && current.steps.get(last) instanceof Step.Send send) {
      current.steps.set(last, new Step.Send(send.bytes() + bytes));
    } else {
      current.steps.add(new Step.Send(bytes));
    }
  }

  private void reply(String how) {
    endReply();
    replying = true;
    keep = oneOf(how, "keep", "close").equals("keep");
  }

  private void endReply() {
    if (replying) {
      current.replies.add(new Reply(before.toString(), after.toString(), keep));
    } else if (before.length() + after.length() > 0) {
      throw new IllegalArgumentException("bytes of a backend without a reply");
    }
    replying = false;
    before.setLength(0);
    after.setLength(0);
  }

  private void backend(String what, boolean repeatable) {
    if (what.equals("none")) {
      current.sight = Sight.NOTHING;
    } else if (what.equals("cut")) {
      current.sight = Sight.NOTHING_WHOLE;
    } else {
      current.sight = Sight.REQUESTS;
      expected = new Expected(Escapes.bytes(what), repeatable);
      current.requests.add(expected);
    }
  }

  private void answer(String text) {
    String[] words = text.split(" ", -1);
    expected = new Expected(words[0], false);
    current.answers.add(expected);
    for (int i = 1; i < words.length; i++) {
      switch (words[i]) {
        case "open" -> current.after = After.OPEN;
        case "closed" -> current.after = After.CLOSED;
        case "bodiless" -> expected.bodiless = true;
        case "cut" -> {
          current.after = After.CLOSED;
          expected.cut = true;
        }
        default -> throw new IllegalArgumentException("unknown word " + words[i]);
      }
    }
  }

  private void refused(String status) {
    if (current.sight == null) {
      current.sight = Sight.NOTHING;
    }
    answer(status + " closed");
    expected.fields.add("content-type: application/problem+json");
    expected.fields.add("connection: close");
  }

  private static String oneOf(String word, String... words) {
    if (!List.of(words).contains(word)) {
      throw new IllegalArgumentException("not one of " + List.of(words) + ": " + word);
    }
    return word;
  }

  private void finish() {
    ConformanceCase done = current;
    if (done == null) {
      return;
    }
    endReply();
    boolean whole =
        !done.rfc.isEmpty()
            && !done.steps.isEmpty()
            && !done.answers.isEmpty()
            && done.sight != null
            && done.after != null;
    if (!whole) {
      throw new IllegalArgumentException("something is missing: " + done);
    }
    cases.add(done);
    current = null;
    expected = null;
  }
}

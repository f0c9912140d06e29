package dev.sluice.config;

/**
 * One scalar after its variables were replaced.
 *
 * @param text the value
 * @param raw as the file has it: what messages may print, since it holds nothing from the
 *     environment
 */
record Scalar(String text, String raw, Kind kind, Place place) {
  private static final int SHOWN = 60;

  /** What a scalar may be read as; ANY came from a variable and is typed by its reader. */
  enum Kind {
    TEXT("text"),
    QUOTED("text"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    EMPTY("nothing"),
    ANY("a variable");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  boolean is(Kind wanted) {
    boolean text = wanted == Kind.TEXT && kind == Kind.QUOTED;
    return kind == wanted || kind == Kind.ANY || text;
  }

  /** True when nothing in the value came from a variable. */
  boolean isLiteral() {
    return !raw.contains("${");
  }

  /** For messages. */
  String said() {
    String shown = raw.length() > SHOWN ? raw.substring(0, SHOWN) + "..." : raw;
    return (raw.contains("${") ? "the value of '" : "'") + shown + "'";
  }
}

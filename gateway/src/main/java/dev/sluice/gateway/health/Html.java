package dev.sluice.gateway.health;

/** A growing piece of HTML or XML; every text is escaped, markup is given as it is. */
public final class Html {
  private final StringBuilder out = new StringBuilder(8192);

  /** Markup, as it is. */
  public Html raw(String markup) {
    out.append(markup);
    return this;
  }

  /** A text, with everything escaped that markup has a meaning for. */
  public Html text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}

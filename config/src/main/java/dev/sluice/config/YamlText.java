package dev.sluice.config;

import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes block YAML that the loader reads back. A null value leaves its key out. */
final class YamlText {
  private final StringBuilder out = new StringBuilder();
  private final String indent;
  private String lead;

  YamlText() {
    this("", "");
  }

  private YamlText(String lead, String indent) {
    this.lead = lead;
    this.indent = indent;
  }

  private YamlText line(String key, String value) {
    out.append(lead).append(key).append(':').append(value).append('\n');
    lead = indent;
    return this;
  }

  YamlText text(String key, @Nullable String value) {
    return value == null ? this : line(key, " " + quoted(value));
  }

  YamlText word(String key, @Nullable Enum<?> value) {
    return value == null ? this : line(key, " " + Values.word(value));
  }

  YamlText number(String key, long value) {
    return line(key, " " + value);
  }

  YamlText flag(String key, boolean value) {
    return line(key, " " + value);
  }

  YamlText duration(String key, Duration value) {
    return line(key, " " + Quantity.print(value));
  }

  YamlText size(String key, long value) {
    return line(key, " " + Quantity.print(value));
  }

  YamlText texts(String key, @Nullable Collection<String> values) {
    if (values == null) {
      return this;
    }
    return line(
        key, values.stream().map(YamlText::quoted).collect(Collectors.joining(", ", " [", "]")));
  }

  /** A mapping one step further in. */
  YamlText section(String key) {
    line(key, "");
    return new YamlText(indent + "  ", indent + "  ");
  }

  /** An item of a list under the key begun last. */
  YamlText item() {
    return new YamlText(indent + "  - ", indent + "    ");
  }

  YamlText begin(String key) {
    return line(key, "");
  }

  YamlText append(YamlText part) {
    out.append(part.out);
    return this;
  }

  private static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c == '$') {
        text.append("$$");
      } else if (c < ' ' || c > '~') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }

  @Override
  public String toString() {
    return out.toString();
  }
}

package dev.sluice.config;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes block YAML that the loader reads back. A null value leaves its key out. */
final class YamlText {
  private final StringBuilder out = new StringBuilder();
  private final Map<String, String> origins;
  private final String path;
  private final String indent;
  private String lead;

  /** With {@link LoadResult#origins()}, which stand in the place of their values. */
  YamlText(Map<String, String> origins) {
    this(origins, "", "", "");
  }

  private YamlText(Map<String, String> origins, String path, String lead, String indent) {
    this.origins = origins;
    this.path = path;
    this.lead = lead;
    this.indent = indent;
  }

  private YamlText value(String key, String value) {
    String origin = origins.get(path + key);
    return line(key, " " + (origin == null ? value : escaped(origin)));
  }

  private YamlText line(String key, String value) {
    out.append(lead).append(key).append(':').append(value).append('\n');
    lead = indent;
    return this;
  }

  YamlText text(String key, @Nullable String value) {
    return value == null ? this : value(key, quoted(value));
  }

  /** A URL without its password and the values of its query. */
  YamlText url(String key, String value) {
    String origin = origins.get(path + key);
    String text = origin == null ? quoted(Masks.url(value)) : escaped(Masks.reference(origin));
    return line(key, " " + text);
  }

  YamlText secret(String key, @Nullable Secret value) {
    if (value == null) {
      return this;
    }
    String origin = origins.get(path + key);
    String text = origin == null ? Masks.MASK : Masks.secretReference(origin);
    return line(key, " " + escaped(text));
  }

  YamlText word(String key, @Nullable Enum<?> value) {
    return value == null ? this : value(key, Values.word(value));
  }

  YamlText number(String key, long value) {
    return value(key, Long.toString(value));
  }

  YamlText flag(String key, boolean value) {
    return value(key, Boolean.toString(value));
  }

  YamlText duration(String key, @Nullable Duration value) {
    return value == null ? this : value(key, Quantity.print(value));
  }

  YamlText size(String key, long value) {
    return value(key, Quantity.print(value));
  }

  YamlText texts(String key, @Nullable Collection<String> values) {
    if (values == null) {
      return this;
    }
    return line(
        key, values.stream().map(v -> item(key, v)).collect(Collectors.joining(", ", " [", "]")));
  }

  /** Ids of dependencies, as mappings where the file says of one whether it is required. */
  YamlText needs(String key, @Nullable List<String> ids, Map<String, Boolean> required) {
    if (ids == null || required.isEmpty()) {
      return texts(key, ids);
    }
    begin(key);
    for (int i = 0; i < ids.size(); i++) {
      YamlText item = item(key, i).text("id", ids.get(i));
      Boolean said = required.get(ids.get(i));
      append(said == null ? item : item.flag("required", said));
    }
    return this;
  }

  /** None where there is none. */
  YamlText secrets(String key, List<Secret> values) {
    if (values.isEmpty()) {
      return this;
    }
    return line(
        key, values.stream().map(v -> masked(key, v)).collect(Collectors.joining(", ", " [", "]")));
  }

  private String masked(String key, Secret value) {
    String origin = origins.get(path + key + "=" + value.reveal());
    return escaped(origin == null ? Masks.MASK : Masks.secretReference(origin));
  }

  private String item(String key, String value) {
    String origin = origins.get(path + key + "=" + value);
    return origin == null ? quoted(value) : escaped(origin);
  }

  /** A mapping one step further in. */
  YamlText section(String key) {
    line(key, "");
    return new YamlText(origins, path + key + ".", indent + "  ", indent + "  ");
  }

  /** An item of a list under the key begun last. */
  YamlText item(String key, int index) {
    String at = path + key + "[" + index + "].";
    return new YamlText(origins, at, indent + "  - ", indent + "    ");
  }

  YamlText begin(String key) {
    return line(key, "");
  }

  YamlText append(YamlText part) {
    out.append(part.out);
    return this;
  }

  /** A value that holds no reference. */
  private static String quoted(String value) {
    return escaped(value.replace("$", "$$"));
  }

  /** A text as a file has it. */
  private static String escaped(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
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

package dev.sluice.gateway.proxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads Forwarded (RFC 7239, section 4): whole and well formed, or not at all. Pure. */
final class ForwardedField {
  private static final int LONGEST = 4096;
  private static final int MOST = Provenance.MOST_HOPS;

  private final String text;
  private final List<Element> elements = new ArrayList<>();
  private int at;

  private ForwardedField(String text) {
    this.text = text;
  }

  /**
   * What one proxy said.
   *
   * @param node the parameter {@code for}; {@code unknown} where it is missing
   */
  record Element(Node node, @Nullable String proto, @Nullable String host) {}

  /** The elements, the client's first; null where something in it is not as the RFC has it. */
  static @Nullable List<Element> parse(String text) {
    ForwardedField field = new ForwardedField(text);
    boolean whole = text.length() <= LONGEST && field.read();
    return whole && !field.elements.isEmpty() ? field.elements : null;
  }

  private boolean read() {
    do {
      blanks();
      if (!element() || elements.size() > MOST) {
        return false;
      }
    } while (next(','));
    return at == text.length();
  }

  /** An empty element is passed over (RFC 9110, section 5.6.1). */
  private boolean element() {
    Map<String, String> pairs = new HashMap<>();
    do {
      if (!pair(pairs)) {
        return false;
      }
    } while (next(';'));
    blanks();
    Node node = pairs.containsKey("for") ? Node.parse(pairs.get("for")) : Node.UNKNOWN;
    if (node != null && !pairs.isEmpty()) {
      elements.add(new Element(node, pairs.get("proto"), pairs.get("host")));
    }
    return node != null;
  }

  /** Each parameter may stand once; nothing at all may stand between two semicolons. */
  private boolean pair(Map<String, String> pairs) {
    String name = token();
    if (name.isEmpty()) {
      return true;
    }
    if (!next('=')) {
      return false;
    }
    String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
    return value != null
        && !value.isEmpty()
        && pairs.put(name.toLowerCase(Locale.ROOT), value) == null;
  }

  private String token() {
    int from = at;
    while (at < text.length() && Tokens.has(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  /** What stands between quotation marks; null where they do not close. */
  private @Nullable String quoted() {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      if (c == '\\' && ++at == text.length()) {
        return null;
      }
      value.append(text.charAt(at));
    }
    return null;
  }

  private boolean next(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void blanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }
}

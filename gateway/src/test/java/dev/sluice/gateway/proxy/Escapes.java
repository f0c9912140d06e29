package dev.sluice.gateway.proxy;

/**
 * Text to bytes, each char one byte: {@code \r}, {@code \n}, {@code \t}, {@code \s} for a space,
 * {@code \0}, {@code \xNN}, {@code \\}, and <code>\{N:text}</code> for a repetition.
 */
final class Escapes {
  private final String text;
  private final StringBuilder bytes = new StringBuilder();
  private int at;

  private Escapes(String text) {
    this.text = text;
  }

  static String bytes(String text) {
    Escapes escapes = new Escapes(text);
    while (escapes.at < text.length()) {
      escapes.next();
    }
    return escapes.bytes.toString();
  }

  private void next() {
    char c = text.charAt(at++);
    if (c != '\\') {
      bytes.append(c);
      return;
    }
    char escaped = text.charAt(at++);
    switch (escaped) {
      case 'r' -> bytes.append('\r');
      case 'n' -> bytes.append('\n');
      case 't' -> bytes.append('\t');
      case 's' -> bytes.append(' ');
      case '0' -> bytes.append('\0');
      case '\\' -> bytes.append('\\');
      case 'x' -> hex();
      case '{' -> repetition();
      default -> throw new IllegalArgumentException("unknown escape " + escaped);
    }
  }

  private void hex() {
    bytes.append((char) Integer.parseInt(text.substring(at, at + 2), 16));
    at += 2;
  }

  private void repetition() {
    int colon = text.indexOf(':', at);
    int end = text.indexOf('}', colon);
    int times = Integer.parseInt(text.substring(at, colon));
    bytes.append(bytes(text.substring(colon + 1, end)).repeat(times));
    at = end + 1;
  }
}

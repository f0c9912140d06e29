package dev.sluice.gateway.admin;

/** A growing HTML document; every text is escaped, markup is given as it is. */
final class Html {
  private static final String STYLE =
      """
      :root{color-scheme:light dark}
      body{font:15px/1.45 system-ui,sans-serif;max-width:62rem;margin:1.5rem auto;padding:0 1rem}
      header,section{border:1px solid #8886;border-left:.5rem solid #888;border-radius:.4rem;
      padding:.4rem 1rem;margin:.7rem 0}
      header.good{border-left-color:#1a7f37}header.mid{border-left-color:#bf8700}
      header.bad{border-left-color:#cf222e}
      h1{margin:.2rem 0}h2{margin:1.4rem 0 .4rem}h3{margin:.3rem 0}p{margin:.3rem 0}
      .badge{font-size:.75rem;font-weight:600;padding:.1rem .5rem;border-radius:1rem;color:#fff}
      .badge.good,.ladder .good{background:#1a7f37;color:#fff}
      .badge.mid{background:#7d5700}.badge.bad,.ladder .bad{background:#b91c26;color:#fff}
      .ladder{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem;padding:0}
      .ladder li{padding:.1rem .6rem;border-radius:.3rem}
      .dim{opacity:.75;font-size:.85rem}
      table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.2rem .6rem;
      border-bottom:1px solid #8884}footer{margin-top:2rem;opacity:.8;font-size:.85rem}
      """;

  private final StringBuilder out = new StringBuilder(8192);

  void begin(String title, int refreshSeconds) {
    raw("<!doctype html><html lang=en><head><meta charset=utf-8>");
    raw("<meta name=viewport content=\"width=device-width,initial-scale=1\">");
    raw("<meta http-equiv=refresh content=" + refreshSeconds + "><title>").text(title);
    raw("</title><style>" + STYLE + "</style></head><body>");
  }

  String end() {
    return out.append("</body></html>\n").toString();
  }

  Html raw(String markup) {
    out.append(markup);
    return this;
  }

  Html text(String text) {
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
}

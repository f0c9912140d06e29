package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.ForwardedField.Element;
import dev.sluice.gateway.proxy.http1.Authority;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from, and what the backend is told of it. Pure.
 *
 * <p>The word of a peer that is not trusted counts for nothing. Of one that is, the chain is read
 * from its right end, which the peer wrote itself, and no further than the first hop that is no
 * node; what stands to the left of that is not passed on. {@code X-Forwarded-For} prevails over
 * {@code Forwarded}, which is passed on only where it names the same hops.
 *
 * @param client the rightmost address of the chain, the peer's included, that is not trusted; where
 *     a hop does not tell its address, the last one before it
 * @param clientText the same as RFC 5952 writes it
 * @param forwardedFor the chain with the peer at its end, for {@code X-Forwarded-For}
 * @param forwarded the chain for {@code Forwarded}; null where none is passed on
 * @param proto what a trusted proxy was asked by, {@code http} or {@code https}, or {@code https}
 *     where the connection has TLS; null where neither says so
 * @param host what a trusted proxy was asked for; null where none said so. The same holds of port
 */
record Provenance(
    InetAddress client,
    String clientText,
    String forwardedFor,
    @Nullable String forwarded,
    @Nullable String proto,
    @Nullable String host,
    @Nullable String port) {
  /** Of a longer chain, the right end counts. */
  static final int MOST_HOPS = 32;

  static final AsciiString FORWARDED = AsciiString.cached("forwarded");
  static final AsciiString FOR = AsciiString.cached("x-forwarded-for");
  static final AsciiString PROTO = AsciiString.cached("x-forwarded-proto");
  static final AsciiString HOST = AsciiString.cached("x-forwarded-host");
  static final AsciiString PORT = AsciiString.cached("x-forwarded-port");

  /** From the peer itself. */
  static Provenance direct(InetAddress address, String text, boolean secure) {
    return new Provenance(address, text, text, null, secure ? "https" : null, null, null);
  }

  /** By the connection's peer and, where it is trusted, by what it says. */
  static Provenance of(Peer peer, HttpHeaders headers, TrustedPeers trusted) {
    if (!peer.trusted() || !told(headers)) {
      return peer.direct();
    }
    List<Element> elements = elements(headers);
    boolean own = headers.contains(FOR);
    List<Node> hops = own ? hops(headers.getAll(FOR)) : nodes(elements);
    int reached = reached(hops, trusted);
    InetAddress client = reached < hops.size() ? hops.get(reached).address() : null;
    if (client == null) {
      client = peer.address();
    }
    Element first = !own && reached < elements.size() ? elements.get(reached) : null;
    return new Provenance(
        client,
        Addresses.text(client),
        joined(hops, peer.text()),
        elements.isEmpty() || (own && !same(hops, nodes(elements)))
            ? null
            : String.join(", ", headers.getAll(FORWARDED)) + ", " + Node.forParameter(peer.text()),
        proto(last(headers, PROTO), first, peer.secure()),
        host(last(headers, HOST), first),
        port(last(headers, PORT)));
  }

  private static boolean told(HttpHeaders headers) {
    return headers.contains(FOR)
        || headers.contains(FORWARDED)
        || headers.contains(PROTO)
        || headers.contains(HOST)
        || headers.contains(PORT);
  }

  private static List<Element> elements(HttpHeaders headers) {
    List<Element> elements = null;
    if (headers.contains(FORWARDED)) {
      elements = ForwardedField.parse(String.join(", ", headers.getAll(FORWARDED)));
    }
    return elements == null ? List.of() : elements;
  }

  private static List<Node> nodes(List<Element> elements) {
    return elements.stream().map(Element::node).toList();
  }

  /** The nodes at the right end of the field lines, in their order. */
  private static List<Node> hops(List<String> lines) {
    Deque<Node> hops = new ArrayDeque<>();
    for (int i = lines.size() - 1; i >= 0; i--) {
      String line = lines.get(i);
      for (int end = line.length(); end >= 0; ) {
        int comma = line.lastIndexOf(',', end - 1);
        Node node = Node.parse(line.substring(comma + 1, end).trim());
        if (node == null || hops.size() == MOST_HOPS) {
          return List.copyOf(hops);
        }
        hops.addFirst(node);
        end = comma;
      }
    }
    return List.copyOf(hops);
  }

  /**
   * Which hop is the client, as far as trust reaches; as many as there are where it is the peer.
   */
  private static int reached(List<Node> hops, TrustedPeers trusted) {
    int reached = hops.size();
    for (int i = hops.size() - 1; i >= 0; i--) {
      InetAddress address = hops.get(i).address();
      if (address == null) {
        break;
      }
      reached = i;
      if (!trusted.contains(address)) {
        break;
      }
    }
    return reached;
  }

  private static boolean same(List<Node> some, List<Node> others) {
    boolean same = some.size() == others.size();
    for (int i = 0; same && i < some.size(); i++) {
      same = some.get(i).same(others.get(i));
    }
    return same;
  }

  private static String joined(List<Node> hops, String peer) {
    List<String> texts = new ArrayList<>(hops.size() + 1);
    hops.forEach(hop -> texts.add(hop.text()));
    texts.add(peer);
    return String.join(", ", texts);
  }

  /** What the proxy next to the gateway said: the last member of the last line. */
  private static @Nullable String last(HttpHeaders headers, AsciiString name) {
    if (!headers.contains(name)) {
      return null;
    }
    List<String> lines = headers.getAll(name);
    String line = lines.get(lines.size() - 1);
    return line.substring(line.lastIndexOf(',') + 1).trim();
  }

  private static @Nullable String proto(
      @Nullable String given, @Nullable Element first, boolean secure) {
    String said = given == null && first != null ? first.proto() : given;
    String proto = said == null ? "" : said.toLowerCase(Locale.ROOT);
    return proto.equals("http") || proto.equals("https") ? proto : secure ? "https" : null;
  }

  private static @Nullable String host(@Nullable String given, @Nullable Element first) {
    String said = given == null && first != null ? first.host() : given;
    return said != null && Authority.valid(said) ? said : null;
  }

  private static @Nullable String port(@Nullable String given) {
    boolean valid = given != null && Addresses.number(given, 0, given.length(), 65_535) > 0;
    return valid ? given : null;
  }
}

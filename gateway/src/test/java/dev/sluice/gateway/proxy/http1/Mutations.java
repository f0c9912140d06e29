package dev.sluice.gateway.proxy.http1;

import java.util.List;
import java.util.Random;

/** Inputs that are almost what they were: what a parser gets wrong lies close to what is right. */
final class Mutations {
  private static final String[] ODD = {
    "\r",
    "\n",
    "\r\n",
    "\0",
    " ",
    "\t",
    ":",
    ";",
    ",",
    "_",
    "-",
    "0",
    "1",
    "f",
    "x",
    "\u0080",
    "\u00ff",
    "\u007f",
    "\u000b",
    "\r\n\r\n",
    "0\r\n\r\n",
    "Content-Length: 1\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Host: b\r\n",
    "HTTP/1.1",
    "HTTP/1.0",
    "\r\n ",
    "GET / "
  };
  private static final int LONGEST = 700;

  private final List<String> seeds;
  private final Random random;

  Mutations(List<String> seeds, long seed) {
    this.seeds = seeds.stream().filter(s -> !s.isEmpty() && s.length() <= LONGEST).toList();
    this.random = new Random(seed);
  }

  String next() {
    String bytes = pick();
    for (int left = 1 + random.nextInt(4); left > 0; left--) {
      bytes = mutated(bytes);
    }
    return bytes;
  }

  private String pick() {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private String mutated(String bytes) {
    int at = random.nextInt(bytes.length() + 1);
    int end = Math.min(bytes.length(), at + random.nextInt(12));
    String before = bytes.substring(0, at);
    return switch (random.nextInt(6)) {
      case 0 -> before + ODD[random.nextInt(ODD.length)] + bytes.substring(at);
      case 1 -> before + ODD[random.nextInt(ODD.length)] + bytes.substring(end);
      case 2 -> before + bytes.substring(end);
      case 3 -> before + bytes.substring(at, end) + bytes.substring(at);
      case 4 -> before + (char) random.nextInt(256) + bytes.substring(end);
      default -> bytes.length() > LONGEST ? bytes : before + pick();
    };
  }

  /** Some places to split at, rising. */
  int[] ends(String bytes) {
    return random.ints(random.nextInt(6), 0, bytes.length() + 1).sorted().toArray();
  }
}

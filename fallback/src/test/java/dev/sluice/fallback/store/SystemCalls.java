package dev.sluice.fallback.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a process did to files, in the order in which the kernel had done it, seen by strace. */
final class SystemCalls {
  private static final String KINDS =
      "openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,rename,close";
  private static final Pattern CALL = Pattern.compile("(\\w+)\\((.*)\\)\\s+= (-?\\d+)(.*)");
  private static final Pattern FILE = Pattern.compile("(\\d+)<([^>]*)>.*");
  private static final Pattern TEXT = Pattern.compile("\"((?:\\\\x..)*)\"");

  private SystemCalls() {}

  /**
   * One call.
   *
   * @param thread that made it
   * @param name of the call
   * @param handle of the file, or -1
   * @param file empty where the call names none
   * @param data what was written
   * @param at where to, or the new length
   * @param result what the caller was told
   * @param injected whether the kernel never saw it
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Call(
      int thread,
      String name,
      int handle,
      String file,
      byte[] data,
      long at,
      long result,
      boolean injected) {
    boolean sync() {
      return name.equals("fsync") || name.equals("fdatasync");
    }

    /** What it said on its standard output; empty for every other call. */
    String said() {
      return name.equals("write") && handle == 1 ? new String(data, StandardCharsets.US_ASCII) : "";
    }
  }

  /**
   * The same command, traced.
   *
   * @param inject a fault of strace, as {@code fsync:error=EIO:when=9+}; empty: none
   */
  static List<String> traced(Path log, String inject, List<String> command) {
    List<String> whole = new ArrayList<>(List.of("strace", "-f", "-qq", "-y", "-xx", "-s"));
    whole.addAll(List.of("4000000", "-e", "signal=none", "-e", "trace=" + KINDS));
    if (!inject.isEmpty()) {
      whole.addAll(List.of("-e", "inject=" + inject));
    }
    whole.addAll(List.of("-o", log.toString()));
    whole.addAll(command);
    return whole;
  }

  /** What a trace says of files in a folder and of the standard output. */
  static List<Call> read(Path log, Path folder) throws IOException {
    Map<String, String> begun = new HashMap<>();
    List<Call> calls = new ArrayList<>();
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      for (String line : (Iterable<String>) lines::iterator) {
        int space = line.indexOf(' ');
        String thread = line.substring(0, space);
        String whole = whole(begun, thread, line.substring(space).strip());
        Call call = whole == null ? null : call(Integer.parseInt(thread), whole);
        if (call != null && (call.handle() == 1 || call.file().startsWith(folder.toString()))) {
          calls.add(call);
        }
      }
    }
    return calls;
  }

  /** Two halves of a call with other threads' calls between them; null for the first half. */
  private static String whole(Map<String, String> begun, String thread, String text) {
    if (text.endsWith("<unfinished ...>")) {
      begun.put(thread, text.substring(0, text.length() - "<unfinished ...>".length()).strip());
      return null;
    }
    if (text.startsWith("<... ")) {
      String rest = text.substring(text.indexOf("resumed>") + "resumed>".length());
      return begun.remove(thread) + rest;
    }
    return text;
  }

  private static Call call(int thread, String text) {
    Matcher call = CALL.matcher(text);
    if (!call.matches()) {
      return null;
    }
    String name = call.group(1);
    String arguments = call.group(2);
    Matcher file = FILE.matcher(arguments);
    boolean handle = !name.equals("openat") && file.matches();
    List<String> texts = texts(arguments);
    byte[] data = texts.isEmpty() ? new byte[0] : bytes(texts.get(0));
    String path = handle ? text(file.group(2)) : new String(data, StandardCharsets.UTF_8);
    return new Call(
        thread,
        name,
        handle ? Integer.parseInt(file.group(1)) : -1,
        path,
        data,
        name.equals("pwrite64") || name.equals("ftruncate") ? last(arguments) : -1,
        Long.parseLong(call.group(3)),
        call.group(4).contains("INJECTED"));
  }

  private static List<String> texts(String arguments) {
    List<String> texts = new ArrayList<>();
    Matcher text = TEXT.matcher(arguments);
    while (text.find()) {
      texts.add(text.group(1));
    }
    return texts;
  }

  private static long last(String arguments) {
    return Long.parseLong(arguments.substring(arguments.lastIndexOf(',') + 1).strip());
  }

  private static String text(String escaped) {
    return new String(bytes(escaped), StandardCharsets.UTF_8);
  }

  /** From {@code \x2f} and its like; what is not escaped stays as it is. */
  private static byte[] bytes(String escaped) {
    if (!escaped.startsWith("\\x")) {
      return escaped.getBytes(StandardCharsets.ISO_8859_1);
    }
    byte[] bytes = new byte[escaped.length() / 4];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] =
          (byte)
              (Character.digit(escaped.charAt(4 * i + 2), 16) * 16
                  + Character.digit(escaped.charAt(4 * i + 3), 16));
    }
    return bytes;
  }
}

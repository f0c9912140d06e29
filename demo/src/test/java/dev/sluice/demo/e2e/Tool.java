package dev.sluice.demo.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of others' making, in a process of its own, on a port that the system chose. */
final class Tool implements AutoCloseable {
  private static final Pattern LISTENS =
      Pattern.compile("Listening on\" address=(?:127\\.0\\.0\\.1|\\[::\\]):([0-9]+)");

  private final Process process;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final Thread reader;

  Tool(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    reader = new Thread(this::read, "tool-output");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        System.out.println(line);
        Matcher found = LISTENS.matcher(line);
        if (found.find()) {
          port.complete(Integer.parseInt(found.group(1)));
        }
      }
    } catch (IOException e) {
      System.out.println("the tool's output ended: " + e.getMessage());
    }
    port.completeExceptionally(new IOException("it ended before it listened"));
  }

  int port() {
    return port.orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}

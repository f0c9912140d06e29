package dev.sluice.gateway.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes of a client. They mean the same in whatever pieces they come, and what is passed on of them
 * means the same to whoever reads it next.
 */
public final class RequestsFuzz {
  private static final Limits LIMITS = new Limits(512, 1024);

  private RequestsFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < 2) {
      return;
    }
    int step = 1 + (input[0] & 0x3f);
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    String whole = text(read(bytes, bytes.length));
    String pieces = text(read(bytes, step));
    if (!whole.equals(pieces)) {
      throw new AssertionError("in pieces of " + step + ":\n" + pieces + "\nwhole:\n" + whole);
    }
    passedOn(bytes);
  }

  private static List<Object> read(byte[] bytes, int step) {
    EmbeddedChannel channel = new EmbeddedChannel(new RequestDecoder(LIMITS, () -> false));
    List<Object> read = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += step) {
      channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
      for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
        read.add(next);
      }
    }
    channel.finishAndReleaseAll();
    return read;
  }

  /** What was read, bodies in one piece; releases it. */
  private static String text(List<Object> read) {
    StringBuilder text = new StringBuilder();
    for (Object each : read) {
      if (each instanceof HttpRequest head) {
        text.append("\nHEAD ").append(head.method()).append(' ').append(head.uri()).append(' ');
        head.headers()
            .forEach(f -> text.append('\n').append(f.getKey()).append('=').append(f.getValue()));
        text.append("\nBODY ");
      }
      if (each instanceof HttpContent content) {
        text.append(content.content().toString(StandardCharsets.ISO_8859_1));
      }
      if (each instanceof LastHttpContent last) {
        last.trailingHeaders()
            .forEach(
                f -> text.append("\nTRAILER ").append(f.getKey()).append('=').append(f.getValue()));
        text.append("\nEND");
      }
      if (each instanceof Malformed malformed) {
        text.append("\nMALFORMED ").append(malformed.status());
      }
      ReferenceCountUtil.release(each);
    }
    return text.toString();
  }

  private static void passedOn(byte[] bytes) {
    List<Object> complete = complete(read(bytes, bytes.length));
    if (complete.isEmpty() || !complete.stream().allMatch(RequestsFuzz::hosted)) {
      complete.forEach(ReferenceCountUtil::release);
      return;
    }
    EmbeddedChannel writer = new EmbeddedChannel(new MessageEncoder(() -> false));
    String meant = text(retained(complete));
    complete.forEach(writer::writeOutbound);
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf next = writer.readOutbound(); next != null; next = writer.readOutbound()) {
      all.writeBytes(next);
      next.release();
    }
    writer.finishAndReleaseAll();
    byte[] written = new byte[all.readableBytes()];
    all.readBytes(written).release();
    String understood = text(read(written, written.length));
    if (!meant.equals(understood)) {
      throw new AssertionError("meant:\n" + meant + "\nunderstood:\n" + understood);
    }
  }

  /** HTTP/1.0 needs no host; what is passed on is HTTP/1.1, and is given the backend's. */
  private static boolean hosted(Object message) {
    return !(message instanceof HttpRequest request) || request.headers().contains("Host");
  }

  private static List<Object> retained(List<Object> messages) {
    messages.forEach(ReferenceCountUtil::retain);
    return messages;
  }

  /** The messages that came to their end; the rest is released. */
  private static List<Object> complete(List<Object> read) {
    int end = 0;
    for (int i = 0; i < read.size(); i++) {
      if (read.get(i) instanceof LastHttpContent) {
        end = i + 1;
      }
    }
    read.subList(end, read.size()).forEach(ReferenceCountUtil::release);
    List<Object> complete = new ArrayList<>(read.subList(0, end));
    if (complete.stream().anyMatch(each -> !(each instanceof HttpObject))) {
      throw new AssertionError("something was read behind what is malformed");
    }
    return complete;
  }
}

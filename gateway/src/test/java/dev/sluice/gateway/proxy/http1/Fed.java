package dev.sluice.gateway.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a decoder makes of bytes that come in pieces, in words that can be compared. */
final class Fed {
  /** Bodies in one piece each, however many pieces they came in. */
  final List<String> events = new ArrayList<>();

  /** Method, target and body of every request that was read to its end. */
  final List<String> whole = new ArrayList<>();

  /** Bytes of buffers that nobody let go. */
  final long leaked;

  private final StringBuilder body = new StringBuilder();
  private String head = "";

  private Fed(ChannelInboundHandler decoder, String bytes, int[] ends) {
    UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    channel.config().setAllocator(memory);
    int from = 0;
    for (int end : ends) {
      piece(channel, memory, bytes.substring(from, end));
      from = end;
    }
    piece(channel, memory, bytes.substring(from));
    if (decoder instanceof MessageDecoder own) {
      events.add("unfinished " + own.unfinished());
    }
    channel.finish();
    drain(channel);
    channel.checkException();
    leaked = memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
  }

  /**
   * @param ends where pieces end, rising; after the last one comes the rest
   */
  static Fed of(ChannelInboundHandler decoder, String bytes, int... ends) {
    return new Fed(decoder, bytes, ends);
  }

  static int[] everywhere(String bytes) {
    int[] ends = new int[bytes.length()];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = i + 1;
    }
    return ends;
  }

  private void piece(EmbeddedChannel channel, UnpooledByteBufAllocator memory, String bytes) {
    if (bytes.isEmpty()) {
      return;
    }
    ByteBuf buffer = memory.heapBuffer(bytes.length());
    buffer.writeCharSequence(bytes, StandardCharsets.ISO_8859_1);
    channel.writeInbound(buffer);
    drain(channel);
  }

  private void drain(EmbeddedChannel channel) {
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      event(next);
      ReferenceCountUtil.release(next);
    }
  }

  private void event(Object message) {
    if (message instanceof HttpRequest request) {
      head = request.method() + " " + request.uri();
      begin(head + " " + request.protocolVersion(), request.headers());
    } else if (message instanceof HttpResponse response) {
      begin(response.status().code() + " " + response.status().reasonPhrase(), response.headers());
    }
    if (message instanceof HttpContent content) {
      body.append(content.content().toString(StandardCharsets.ISO_8859_1));
      if (message instanceof LastHttpContent last) {
        events.add("body " + body + " trailers " + last.trailingHeaders().entries());
        whole.add(head + " " + body);
      }
    } else if (message instanceof Malformed malformed) {
      events.add("body so far " + body);
      events.add("malformed " + malformed.status() + " " + malformed.detail());
    }
  }

  private void begin(String line, HttpHeaders headers) {
    body.setLength(0);
    events.add(line + " " + headers.entries());
  }
}

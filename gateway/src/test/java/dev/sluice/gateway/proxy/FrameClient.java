package dev.sluice.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/** A client of HTTP/2 that sends the frames a test wants, right or wrong, and reads what comes. */
final class FrameClient implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  final Socket socket;
  private final DataInputStream in;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private boolean grants = true;

  @SuppressWarnings("ArrayRecordComponent")
  record Frame(int type, int flags, int stream, byte[] payload, List<String> fields) {
    boolean ends() {
      return (flags & END_STREAM) != 0;
    }

    /** Of RST_STREAM and GOAWAY. */
    int code() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }
  }

  /** An answer, or what came in its place: {@code fault} names the frame and its code. */
  record Answer(
      String status, List<String> headers, String body, List<String> trailers, String fault) {
    String header(String name) {
      return headers.stream()
          .filter(line -> line.startsWith(name + ": "))
          .map(line -> line.substring(name.length() + 2))
          .findFirst()
          .orElse(null);
    }
  }

  /** Says what a connection begins with. */
  FrameClient(int port) throws IOException {
    this(new Socket(InetAddress.getByName("127.0.0.1"), port));
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    send(SETTINGS, 0, 0);
  }

  FrameClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    in = new DataInputStream(socket.getInputStream());
  }

  /** Opens no windows: nobody is granted more than there was at first. */
  FrameClient grantsNothing() {
    grants = false;
    return this;
  }

  FrameClient send(int type, int flags, int stream, int... payload) throws IOException {
    byte[] bytes = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      bytes[i] = (byte) payload[i];
    }
    return frame(type, flags, stream, bytes);
  }

  FrameClient frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    socket.getOutputStream().write(frame.array());
    return this;
  }

  /** A field block. */
  byte[] block(String... namesAndValues) {
    ByteBuf out = Unpooled.buffer();
    try {
      for (int i = 0; i < namesAndValues.length; i += 2) {
        Http2Headers one = new DefaultHttp2Headers(false); // several would be sorted
        one.add(namesAndValues[i], namesAndValues[i + 1]);
        encoder.encodeHeaders(3, one, out);
      }
    } catch (Http2Exception e) {
      throw new IllegalArgumentException(e);
    }
    return ByteBufUtil.getBytes(out);
  }

  FrameClient head(int stream, boolean ends, String... fields) throws IOException {
    return frame(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block(fields));
  }

  /** A GET, without a body. */
  FrameClient get(int stream, String path, String... more) throws IOException {
    return head(stream, true, request("GET", path, more));
  }

  /** The fields of a request. */
  static String[] request(String method, String path, String... more) {
    String[] first = {
      ":method", method, ":scheme", "http", ":authority", "shop.example", ":path", path
    };
    String[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  FrameClient data(int stream, boolean ends, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return frame(DATA, ends ? END_STREAM : 0, stream, bytes);
  }

  FrameClient window(int stream, int more) throws IOException {
    return frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(more).array());
  }

  /** The next frame, whichever it is. */
  Frame next() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = new byte[length];
    in.readFully(payload);
    List<String> fields = type == HEADERS ? fields(stream, payload) : List.of();
    Frame frame = new Frame(type, flags, stream, payload, fields);
    if (type == SETTINGS && (flags & ACK) == 0) {
      send(SETTINGS, ACK, 0);
    } else if (type == DATA && length > 0 && grants) {
      window(0, length);
      if (!frame.ends()) {
        window(stream, length);
      }
    }
    return frame;
  }

  /** The next frame of this type. */
  Frame next(int type) throws IOException {
    Frame frame = next();
    while (frame.type() != type || (type == SETTINGS && (frame.flags() & ACK) != 0)) {
      frame = next();
    }
    return frame;
  }

  /** Every block has to be decoded, in its order. */
  private List<String> fields(int stream, byte[] block) throws IOException {
    try {
      Http2Headers headers = decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block));
      return StreamSupport.stream(headers.spliterator(), false)
          .map(field -> field.getKey() + ": " + field.getValue())
          .toList();
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  /** What comes on this stream, to its end; interim answers are passed over. */
  Answer answer(int stream) throws IOException {
    List<String> head = List.of();
    List<String> trailers = List.of();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      Frame frame = next();
      if (frame.type() == GOAWAY && frame.code() != 0) {
        return new Answer("", head, "", trailers, "GOAWAY " + frame.code());
      }
      if (frame.stream() != stream) {
        continue;
      }
      if (frame.type() == RST_STREAM) {
        return new Answer(
            status(head),
            head,
            body.toString(StandardCharsets.UTF_8),
            trailers,
            "RST_STREAM " + frame.code());
      } else if (frame.type() == HEADERS) {
        List<String> fields = frame.fields();
        if (head.isEmpty() || status(head).startsWith("1")) {
          head = fields;
        } else {
          trailers = fields;
        }
      } else if (frame.type() == DATA) {
        body.write(frame.payload());
      }
      if ((frame.type() == DATA || frame.type() == HEADERS) && frame.ends()) {
        return new Answer(status(head), head, body.toString(StandardCharsets.UTF_8), trailers, "");
      }
    }
  }

  private static String status(List<String> head) {
    return head.stream()
        .filter(line -> line.startsWith(":status: "))
        .map(line -> line.substring(9))
        .findFirst()
        .orElse("");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

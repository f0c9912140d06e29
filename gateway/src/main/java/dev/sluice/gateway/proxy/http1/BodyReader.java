package dev.sluice.gateway.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * The body of one message after the other (RFC 9112, sections 6 and 7), in pieces as they arrive.
 * Each piece is a retained slice of what was read; nothing is copied.
 */
final class BodyReader {
  private static final int MAX_SIZE_DIGITS = 15;

  private enum At {
    OUTSIDE,
    FIXED,
    UNTIL_CLOSE,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILERS
  }

  private final HeadFinder trailers;
  private At at = At.OUTSIDE;
  private long left;
  private int extensions;

  BodyReader(Limits limits) {
    trailers = new HeadFinder(0, limits.fields());
  }

  /** A body of this length begins, as {@link Framing#length()} tells; not of length 0. */
  void begin(long length) {
    left = length;
    extensions = 0;
    if (length == Framing.CHUNKED) {
      at = At.CHUNK_SIZE;
    } else {
      at = length == Framing.UNKNOWN ? At.UNTIL_CLOSE : At.FIXED;
    }
  }

  boolean inside() {
    return at != At.OUTSIDE;
  }

  /** The connection ended; whether this was the proper end of the body. */
  boolean endsWithConnection() {
    return at == At.UNTIL_CLOSE;
  }

  /** The next piece, the last one included; null where bytes are missing or only framed one. */
  @Nullable HttpContent read(ByteBuf in) throws Malformed {
    return switch (at) {
      case FIXED -> fixed(in);
      case UNTIL_CLOSE -> new DefaultHttpContent(in.readRetainedSlice(in.readableBytes()));
      case CHUNK_SIZE -> size(in);
      case CHUNK_DATA -> data(in);
      case CHUNK_END -> chunkEnd(in);
      case TRAILERS -> trailers(in);
      case OUTSIDE -> throw new IllegalStateException("no body is being read");
    };
  }

  private HttpContent fixed(ByteBuf in) {
    ByteBuf piece = piece(in);
    if (left > 0) {
      return new DefaultHttpContent(piece);
    }
    at = At.OUTSIDE;
    return new DefaultLastHttpContent(piece);
  }

  private HttpContent data(ByteBuf in) {
    ByteBuf piece = piece(in);
    if (left == 0) {
      at = At.CHUNK_END;
    }
    return new DefaultHttpContent(piece);
  }

  private ByteBuf piece(ByteBuf in) {
    int length = (int) Math.min(left, in.readableBytes());
    left -= length;
    return in.readRetainedSlice(length);
  }

  private @Nullable HttpContent chunkEnd(ByteBuf in) throws Malformed {
    if (in.readableBytes() >= 2) {
      if (in.readByte() != Grammar.CR || in.readByte() != Grammar.LF) {
        throw Malformed.bad("a chunk is longer than its size");
      }
      at = At.CHUNK_SIZE;
    }
    return null;
  }

  private @Nullable HttpContent size(ByteBuf in) throws Malformed {
    int feed = in.indexOf(in.readerIndex(), in.writerIndex(), Grammar.LF);
    int seen = feed < 0 ? in.readableBytes() : feed + 1 - in.readerIndex();
    if (seen > Limits.CHUNK_LINE) {
      throw Malformed.bad("a chunk's line is over " + Limits.CHUNK_LINE + " bytes");
    }
    if (feed < 0) {
      return null;
    }
    byte[] line = new byte[seen];
    in.readBytes(line);
    left = size(line);
    at = left == 0 ? At.TRAILERS : At.CHUNK_DATA;
    return null;
  }

  private long size(byte[] line) throws Malformed {
    long size = 0;
    int digits = 0;
    for (int hex = Grammar.hex(line[0]); hex >= 0; hex = Grammar.hex(line[digits])) {
      size = size << 4 | hex;
      if (++digits > MAX_SIZE_DIGITS) {
        throw Malformed.bad("a chunk's size is too long");
      }
    }
    if (digits == 0) {
      throw Malformed.bad("a chunk has no size");
    }
    skipExtensions(line, digits);
    return size;
  }

  /** What follows the size: nothing, or extensions in ASCII that begin with a semicolon. */
  private void skipExtensions(byte[] line, int from) throws Malformed {
    int at = from;
    while (Grammar.blank(line[at])) {
      at++;
    }
    if (line[at] == ';') {
      while (Grammar.target(line[at]) || Grammar.blank(line[at])) {
        at++;
      }
    } else if (at != from) {
      throw Malformed.bad("a chunk's size is followed by a space");
    }
    if (line[at] != Grammar.CR || at != line.length - 2) {
      throw Malformed.bad("a chunk's line has a character that it may not have");
    }
    extensions += at - from;
    if (extensions > Limits.CHUNK_EXTENSIONS) {
      throw Malformed.bad("the chunks' extensions are over " + Limits.CHUNK_EXTENSIONS + " bytes");
    }
  }

  private @Nullable HttpContent trailers(ByteBuf in) throws Malformed {
    byte[] section = trailers.take(in);
    if (section == null) {
      return null;
    }
    at = At.OUTSIDE;
    if (section.length == 2) {
      return LastHttpContent.EMPTY_LAST_CONTENT;
    }
    HttpHeaders fields = MessageDecoder.noHeaders();
    new FieldLines(section, 0, fields, new Framing()).read();
    return new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, fields);
  }
}

package dev.sluice.gateway.proxy.http1;

/**
 * Bounds of what is read of one message's frame.
 *
 * @param startLine bytes of the request or status line
 * @param fields bytes of all field lines together; trailers have as much again
 */
public record Limits(int startLine, int fields) {
  /** One chunk's line: its size and its extensions, which are read and dropped. */
  static final int CHUNK_LINE = 512;

  /** Extensions of all chunks of one body (RFC 9112, section 7.1.1). */
  static final int CHUNK_EXTENSIONS = 8 * 1024;
}

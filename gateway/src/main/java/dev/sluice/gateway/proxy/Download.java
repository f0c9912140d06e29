package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.Rewriting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** A backend's answer on its way down, as fast as the client takes it. Belongs to one exchange. */
final class Download {
  private final ClientHandler client;
  private final Asked asked;
  private final Keeping keeping;
  private @Nullable Gzipping gzip;
  private boolean begun;
  private boolean leavesWhole;

  /**
   * @param keeping given what may be kept of it
   */
  Download(ClientHandler client, Asked asked, Keeping keeping) {
    this.client = client;
    this.asked = asked;
    this.keeping = keeping;
  }

  /** An answer before the final one (RFC 9110, section 15.2), for who can read it. */
  void interim(HttpResponse response) {
    if (!response.status().equals(HttpResponseStatus.CONTINUE)) {
      Headers.fromBackend(response.headers(), asked.requestId());
      client.answers().interim(response);
    } else if (asked.expectsContinue()) {
      client.answers().goOn();
    }
  }

  /** The final head. */
  void begin(HttpResponse response) {
    begun = true;
    leavesWhole = HttpUtil.isKeepAlive(response) && delimited(response);
    Rewriting rewriting = asked.matched().rewriting();
    if (!rewriting.none()) {
      rewriting.response(new EditedFields(response.headers()));
    }
    keeping.begin(response);
    Headers.fromBackend(response.headers(), asked.requestId());
    keeping.told(response.headers());
    if (!rewriting.none()) {
      CrossOrigin.tell(asked, response.headers());
      gzip = Gzipping.of(rewriting.gzip(), asked, response);
    }
    client.head(response);
  }

  /** The end of its body shows without closing the connection. */
  private boolean delimited(HttpResponse response) {
    int status = response.status().code();
    return HttpUtil.isContentLengthSet(response)
        || HttpUtil.isTransferEncodingChunked(response)
        || status == 204
        || status == 304
        || asked.method().equals("HEAD");
  }

  /** Whether the client has been sent the head, so that no other answer can take its place. */
  boolean begun() {
    return begun;
  }

  /** Whether the backend's connection can be used on once the answer is complete. */
  boolean leavesWhole() {
    return leavesWhole;
  }

  /** Passes a piece of the body on, which it takes over; true for the last one. */
  boolean add(HttpContent content) {
    keeping.add(content.content());
    boolean last = content instanceof LastHttpContent;
    HttpContent piece = Headers.withTrailers(content);
    client.answers().write(gzip == null ? piece : zipped(gzip, piece));
    return last;
  }

  private static HttpContent zipped(Gzipping gzip, HttpContent piece) {
    ByteBuf coded = gzip.add(piece.content());
    if (!(piece instanceof LastHttpContent last)) {
      return new DefaultHttpContent(coded);
    }
    ByteBuf whole = Unpooled.wrappedBuffer(coded, gzip.end());
    gzip.close();
    return new DefaultLastHttpContent(whole, last.trailingHeaders());
  }

  /** Lets go of what the body was being turned into. */
  void close() {
    if (gzip != null) {
      gzip.close();
    }
  }

  /** Reads from the backend while the client takes what comes; whether it does not. */
  boolean hold(Channel backend) {
    boolean stop = !client.answers().writable();
    ChannelConfig reading = backend.config();
    if (reading.isAutoRead() == stop) {
      reading.setAutoRead(!stop);
    }
    return stop;
  }

  /** Whether the client, not the backend, is what the next piece waits for. */
  static boolean held(Channel backend) {
    return !backend.config().isAutoRead();
  }
}

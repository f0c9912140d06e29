package dev.sluice.demo.fault;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A name server on 127.0.0.1 that gives every question the answer that it was told last (RFC 1035).
 * May be told from any thread.
 */
public final class NameServer implements AutoCloseable {
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("name-server", true), NioIoHandler.newFactory());
  private final Channel socket;
  private volatile Answer answer = new Answer(DnsResponseCode.NOERROR, List.of("127.0.0.1"));

  /** An answer; without a code there is none. */
  private record Answer(@Nullable DnsResponseCode code, List<String> addresses) {}

  private NameServer() {
    socket =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(
                new ChannelInitializer<DatagramChannel>() {
                  @Override
                  protected void initChannel(DatagramChannel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new DatagramDnsQueryDecoder(),
                            new DatagramDnsResponseEncoder(),
                            new Answering());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  /** Starts on a port chosen by the system; every name is 127.0.0.1. */
  public static NameServer start() {
    return new NameServer();
  }

  public int port() {
    return ((InetSocketAddress) socket.localAddress()).getPort();
  }

  /** Every name has these addresses, IPv4 or IPv6, from now on. */
  public void addresses(String... literals) {
    answer = new Answer(DnsResponseCode.NOERROR, List.of(literals));
  }

  /** No name is known (NXDOMAIN). */
  public void noSuchName() {
    answer = new Answer(DnsResponseCode.NXDOMAIN, List.of());
  }

  /** The server cannot tell (SERVFAIL). */
  public void failure() {
    answer = new Answer(DnsResponseCode.SERVFAIL, List.of());
  }

  /** No question is answered. */
  public void silence() {
    answer = new Answer(null, List.of());
  }

  @Override
  public void close() {
    socket.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }

  private final class Answering extends SimpleChannelInboundHandler<DatagramDnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
      Answer given = answer;
      DnsResponseCode code = given.code();
      DnsQuestion question = query.recordAt(DnsSection.QUESTION);
      if (code == null) {
        return;
      }
      DatagramDnsResponse response =
          new DatagramDnsResponse(
              /* sender= */ query.recipient(), /* recipient= */ query.sender(), query.id());
      response.setCode(code).addRecord(DnsSection.QUESTION, question);
      for (String literal : given.addresses()) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(literal);
        DnsRecordType type = bytes.length == 4 ? DnsRecordType.A : DnsRecordType.AAAA;
        if (type.equals(question.type())) {
          response.addRecord(
              DnsSection.ANSWER,
              new DefaultDnsRawRecord(question.name(), type, 0, Unpooled.wrappedBuffer(bytes)));
        }
      }
      ctx.writeAndFlush(response);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // A datagram that is no question gets no answer.
    }
  }
}

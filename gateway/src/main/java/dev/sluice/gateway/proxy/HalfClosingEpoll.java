package dev.sluice.gateway.proxy;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Netty's epoll handler for channels that outlive the end of their input.
 *
 * <p>Once the input has ended and nothing waits to be written, a channel is interested in no event
 * at all. Netty 4.2.18 then takes it out of the epoll set without noting so, and the next interest,
 * such as in room to write, fails with ENOENT and loses the rest of the answer. Here such a channel
 * stays in the set. What is reported of it then can only be an error or the end of both directions:
 * it is closed, which also keeps a level-triggered event from being reported for ever.
 *
 * <p>A channel is told of nothing in the round of events that it was registered in. Netty finds the
 * channel of an event by its file descriptor: where one is closed and another opened meanwhile, the
 * new one has the old one's number, would get the old one's event, and end before it connects.
 * Events are level-triggered, so that none is lost.
 */
final class HalfClosingEpoll implements IoHandler {
  private final IoHandler epoll;
  private long round;

  private HalfClosingEpoll(IoHandler epoll) {
    this.epoll = epoll;
  }

  static IoHandlerFactory newFactory() {
    IoHandlerFactory netty = EpollIoHandler.newFactory();
    return executor -> new HalfClosingEpoll(netty.newHandler(executor));
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    if (!(handle instanceof EpollIoHandle channel)) {
      return epoll.register(handle);
    }
    Handle staying = new Handle(channel);
    Registration registration = new Registration(epoll.register(staying), staying);
    staying.registration = registration;
    return registration;
  }

  /** A channel's side: is told of events. */
  private final class Handle implements EpollIoHandle {
    private final EpollIoHandle channel;
    private final long since = round;
    private boolean disinterested;
    private @Nullable IoRegistration registration;

    Handle(EpollIoHandle channel) {
      this.channel = channel;
    }

    @Override
    public void handle(IoRegistration inner, IoEvent event) {
      if (since == round) {
        return;
      }
      if (disinterested) {
        close();
      } else {
        channel.handle(registration == null ? inner : registration, event);
      }
    }

    @Override
    public FileDescriptor fd() {
      return channel.fd();
    }

    @Override
    public void registered() {
      channel.registered();
    }

    @Override
    public void unregistered() {
      channel.unregistered();
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (Exception e) {
        throw new IllegalStateException("a channel cannot be closed", e);
      }
    }
  }

  /** The epoll set's side: is told of interests. */
  private static final class Registration implements IoRegistration {
    private final IoRegistration inner;
    private final Handle handle;
    private boolean inSet;

    Registration(IoRegistration inner, Handle handle) {
      this.inner = inner;
      this.handle = handle;
    }

    @Override
    public long submit(IoOps interest) {
      boolean none = EpollIoOps.NONE.equals(interest);
      inSet |= !none;
      handle.disinterested = none && inSet;
      return inner.submit(handle.disinterested ? EpollIoOps.EPOLLERR : interest);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // as the interface has it
    public <T> T attachment() {
      return inner.attachment();
    }

    @Override
    public boolean isValid() {
      return inner.isValid();
    }

    @Override
    public boolean cancel() {
      return inner.cancel();
    }
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    round++;
    return epoll.run(context);
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return epoll.isCompatible(handleType);
  }
}

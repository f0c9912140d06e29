package dev.sluice.probes.ladder;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's TLS engine, closed only between its delegated tasks. A task of the JDK's engine holds
 * the engine's lock for as long as it computes, and a close takes that lock: an event loop that
 * gives a handshake up would wait for the task. Here the close is left to the task's thread, which
 * does it when the task has ended; after a close no task is begun.
 *
 * <p>All else is passed on. Netty touches the engine in no other way while a task runs.
 */
final class DeferredCloseEngine extends SSLEngine {
  private static final int IDLE = 0;
  private static final int TASK = 1;

  /** A task runs, and its thread closes. */
  private static final int TASK_THEN_CLOSE = 2;

  private static final int CLOSED = 3;

  private final SSLEngine engine;
  private final AtomicInteger state = new AtomicInteger(IDLE);

  DeferredCloseEngine(SSLEngine engine) {
    super(engine.getPeerHost(), engine.getPeerPort());
    this.engine = engine;
  }

  @Override
  public @Nullable Runnable getDelegatedTask() {
    if (!state.compareAndSet(IDLE, TASK)) {
      return null;
    }
    Runnable task = engine.getDelegatedTask();
    if (task == null) {
      ended();
      return null;
    }
    return () -> {
      try {
        task.run();
      } finally {
        ended();
      }
    };
  }

  private void ended() {
    if (!state.compareAndSet(TASK, IDLE)) {
      engine.closeOutbound();
      state.set(CLOSED);
    }
  }

  @Override
  public void closeOutbound() {
    if (state.compareAndSet(IDLE, CLOSED) || state.get() == CLOSED) {
      engine.closeOutbound();
    } else if (!state.compareAndSet(TASK, TASK_THEN_CLOSE)) {
      closeOutbound(); // the task has ended meanwhile
    }
  }

  /** While a task runs there is nothing to do: the close that follows it ends both directions. */
  @Override
  public void closeInbound() throws SSLException {
    int now = state.get();
    if (now == IDLE || now == CLOSED) {
      engine.closeInbound();
    }
  }

  @Override
  public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer to)
      throws SSLException {
    return engine.wrap(from, offset, length, to);
  }

  @Override
  public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to, int offset, int length)
      throws SSLException {
    return engine.unwrap(from, to, offset, length);
  }

  @Override
  public boolean isInboundDone() {
    return engine.isInboundDone();
  }

  @Override
  public boolean isOutboundDone() {
    return engine.isOutboundDone();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return engine.getSupportedCipherSuites();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return engine.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    engine.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return engine.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return engine.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    engine.setEnabledProtocols(protocols);
  }

  @Override
  public SSLSession getSession() {
    return engine.getSession();
  }

  @Override
  public @Nullable SSLSession getHandshakeSession() {
    return engine.getHandshakeSession();
  }

  @Override
  public void beginHandshake() throws SSLException {
    engine.beginHandshake();
  }

  @Override
  public SSLEngineResult.HandshakeStatus getHandshakeStatus() {
    return engine.getHandshakeStatus();
  }

  @Override
  public void setUseClientMode(boolean client) {
    engine.setUseClientMode(client);
  }

  @Override
  public boolean getUseClientMode() {
    return engine.getUseClientMode();
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    engine.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return engine.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    engine.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return engine.getWantClientAuth();
  }

  @Override
  public void setEnableSessionCreation(boolean may) {
    engine.setEnableSessionCreation(may);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return engine.getEnableSessionCreation();
  }

  @Override
  public SSLParameters getSSLParameters() {
    return engine.getSSLParameters();
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    engine.setSSLParameters(parameters);
  }

  @Override
  public @Nullable String getApplicationProtocol() {
    return engine.getApplicationProtocol();
  }

  @Override
  public @Nullable String getHandshakeApplicationProtocol() {
    return engine.getHandshakeApplicationProtocol();
  }
}

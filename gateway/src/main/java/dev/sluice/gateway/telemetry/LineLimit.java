package dev.sluice.gateway.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what is told once, and of warnings and errors that are alike so many in a while: one
 * logger, one text before its values are put in. What is left out is counted, and the number told
 * with the next one. Safe from any thread; never blocks for longer than the appender behind it.
 */
public final class LineLimit extends UnsynchronizedAppenderBase<ILoggingEvent>
    implements AppenderAttachable<ILoggingEvent> {
  /** More kinds than the code has: whoever writes values into texts begins anew. */
  private static final int MOST_KINDS = 1_000;

  private final AppenderAttachableImpl<ILoggingEvent> behind = new AppenderAttachableImpl<>();
  private final Map<String, Kind> kinds = new ConcurrentHashMap<>();
  private int most = 100;
  private long whileMillis = 10_000;

  /** Lines of one kind, in the while that began then. */
  private static final class Kind {
    private long began;
    private long seen;

    /** How many the while before left out; -1 where this one is left out itself. */
    synchronized long take(long now, long whileMillis, int most) {
      long left = 0;
      if (now - began >= whileMillis || now < began) {
        left = Math.max(0, seen - most);
        began = now;
        seen = 0;
      }
      return ++seen > most ? -1 : left;
    }
  }

  /** Lines of one kind that are passed on in a while. */
  public void setMost(int most) {
    this.most = most;
  }

  /** How long a while is, in milliseconds. */
  public void setWhileMillis(long whileMillis) {
    this.whileMillis = whileMillis;
  }

  @Override
  protected void append(ILoggingEvent line) {
    long left = line.getLevel().isGreaterOrEqual(Level.WARN) ? limited(line) : 0;
    if (left > 0) {
      behind.appendLoopOnAppenders(told(line, left));
    }
    if (left >= 0) {
      behind.appendLoopOnAppenders(line);
    }
  }

  private long limited(ILoggingEvent line) {
    if (kinds.size() > MOST_KINDS) {
      kinds.clear();
    }
    return kinds
        .computeIfAbsent(line.getLoggerName() + line.getMessage(), key -> new Kind())
        .take(line.getTimeStamp(), whileMillis, most);
  }

  private ILoggingEvent told(ILoggingEvent next, long left) {
    Logger logger = ((LoggerContext) getContext()).getLogger(next.getLoggerName());
    String text = "{} lines like the next one were left out";
    LoggingEvent told =
        new LoggingEvent(
            LineLimit.class.getName(), logger, next.getLevel(), text, null, new Object[] {left});
    told.setInstant(next.getInstant());
    return told;
  }

  @Override
  public void stop() {
    super.stop();
    detachAndStopAllAppenders();
  }

  @Override
  public void addAppender(Appender<ILoggingEvent> appender) {
    behind.addAppender(appender);
  }

  @Override
  public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
    return behind.iteratorForAppenders();
  }

  @Override
  public @Nullable Appender<ILoggingEvent> getAppender(String name) {
    return behind.getAppender(name);
  }

  @Override
  public boolean isAttached(Appender<ILoggingEvent> appender) {
    return behind.isAttached(appender);
  }

  @Override
  public void detachAndStopAllAppenders() {
    behind.detachAndStopAllAppenders();
  }

  @Override
  public boolean detachAppender(Appender<ILoggingEvent> appender) {
    return behind.detachAppender(appender);
  }

  @Override
  public boolean detachAppender(String name) {
    return behind.detachAppender(name);
  }
}

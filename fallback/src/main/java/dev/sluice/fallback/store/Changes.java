package dev.sluice.fallback.store;

import dev.sluice.config.Store;
import dev.sluice.config.Writes.Quota;
import dev.sluice.fallback.queue.Admission.Accepted;
import dev.sluice.fallback.queue.Allowance;
import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.Ending;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.StoreRefused.Reason;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.store.RecordCodec.Outcome;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The steps from state to state, each within the writer's transaction. */
final class Changes {
  private static final int PURGE_AT_ONCE = 500;
  private static final int REKEY_AT_ONCE = 200;
  private static final int EXPIRE_AT_ONCE = 500;
  private static final long PURGE_BYTES = 16L << 20;
  private static final int MAX_ERROR = 500;

  private final Store bounds;
  private final Tags tags;
  private final WriteIds ids = new WriteIds();

  Changes(Store bounds, byte[] salt) {
    this.bounds = bounds;
    this.tags = new Tags(salt);
  }

  Tags tags() {
    return tags;
  }

  Accepted accept(Session session, NewWrite write, Allowance allowance, byte[] content, long now)
      throws SQLException {
    String tag = tags.idempotency(write);
    String fingerprint = tags.fingerprint(write);
    Row existing = tag == null ? null : session.tables().byIdempotencyTag(tag);
    if (existing != null) {
      if (!existing.fingerprintTag().equals(fingerprint)) {
        throw new StoreRefused(Reason.KEY_CONFLICT, "the key was used for another request");
      }
      return new Accepted(existing.id(), true);
    }
    demandRoom(session, content.length, allowance.essential() ? 100 : bounds.highWater());
    demandFewParked(session);
    demandQuota(session, write, allowance, content.length);
    Row row = fresh(session, write, content, tag, fingerprint, now);
    byte[] sealed = session.seal().close(content, row.contentPlace());
    session.insert(row.withContent(Digests.sha256(sealed)), sealed);
    return new Accepted(row.id(), false);
  }

  private Row fresh(
      Session session,
      NewWrite write,
      byte[] content,
      @Nullable String tag,
      String fingerprint,
      long now) {
    return new Row(
        session.nextSequence(),
        ids.next(now),
        WriteState.QUEUED,
        0,
        0,
        now,
        now + write.ttl().toMillis(),
        now,
        0,
        false,
        write.routeId(),
        tags.order(write),
        tag,
        fingerprint,
        content.length,
        session.seal().keyId(),
        "",
        "",
        tags.principal(write.principalHash()),
        false);
  }

  private void demandRoom(Session session, long bytes, int percent) throws SQLException {
    WriteIndex index = session.index();
    if (index.records() >= bounds.maxRecords() / 100.0 * percent) {
      throw new StoreRefused(Reason.FULL, "the queue holds " + index.records() + " writes");
    }
    if (index.bytes() + bytes > bounds.maxBytes() / 100.0 * percent) {
      throw new StoreRefused(Reason.FULL, "the queue holds " + index.bytes() + " bytes");
    }
    if (!session.room().forRecord(bytes, index.records())) {
      throw new StoreRefused(Reason.FULL, "the store's disk is nearly full");
    }
  }

  private void demandQuota(Session session, NewWrite write, Allowance allowance, long bytes) {
    Quota quota = allowance.quota();
    if (quota == null) {
      return;
    }
    Shares.Share share = session.index().shares().of(tags.principal(write.principalHash()));
    if (share.records() >= quota.records() || share.bytes() + bytes > quota.bytes()) {
      throw new StoreRefused(Reason.QUOTA, Shares.over(share));
    }
  }

  /** Writes that nobody sent and nobody gave up are not deleted to make room for others. */
  private void demandFewParked(Session session) {
    long parked = session.index().ended().parked();
    if (parked > bounds.maxBytes()) {
      throw new StoreRefused(
          Reason.FULL,
          "ended writes of " + parked + " bytes wait for an operator or for their retention");
    }
  }

  List<QueuedWrite> claim(Session session, int limit, long now, Predicate<String> openRoute)
      throws SQLException {
    List<QueuedWrite> claimed = new ArrayList<>();
    for (Row row : session.index().due(limit, now, route -> open(openRoute, route))) {
      Row leased = row.claimed();
      session.update(row, leased);
      claimed.add(session.whole(leased));
    }
    return claimed;
  }

  /** A predicate that fails must not take the file down with it. */
  private static boolean open(Predicate<String> openRoute, String route) {
    try {
      return openRoute.test(route);
    } catch (RuntimeException e) {
      return false;
    }
  }

  Ending complete(Session session, String id, long epoch, Completion completion, long now)
      throws SQLException {
    Row row = leased(session, id, epoch);
    if (row == null) {
      return Ending.STALE;
    }
    List<QueuedWrite> behind = List.of();
    Outcome outcome = outcome(completion.error(), fitting(session, completion.answer()));
    Row ended = row.ended(completion.state(), now);
    switch (completion.then()) {
      case CONTINUE -> session.update(row, ended, outcome);
      case PARK -> session.update(row, ended.parked(true), outcome);
      case FAIL_DEPENDENTS -> {
        session.update(row, ended, outcome);
        behind = failBehind(session, row, now);
      }
    }
    trim(session);
    return new Ending(true, behind);
  }

  private static List<QueuedWrite> failBehind(Session session, Row row, long now)
      throws SQLException {
    List<QueuedWrite> ended = new ArrayList<>();
    for (Row later : session.index().behind(row)) {
      Outcome outcome =
          new Outcome("write " + row.id() + " of the same resource came before and failed", null);
      Row after = session.update(later, later.ended(WriteState.FAILED, now), outcome);
      ended.add(session.whole(after).withoutBody());
    }
    return ended;
  }

  /** On a disk that is nearly full the answer is cut short: the completion must not be lost. */
  private static @Nullable CapturedAnswer fitting(Session session, @Nullable CapturedAnswer answer)
      throws SQLException {
    return answer == null || session.room().forAnswer(answer.bytes()) ? answer : answer.shortened();
  }

  private static Outcome outcome(@Nullable String error, @Nullable CapturedAnswer answer) {
    String said =
        error == null || error.length() <= MAX_ERROR ? error : error.substring(0, MAX_ERROR);
    return new Outcome(said, answer);
  }

  boolean retry(Session session, String id, long epoch, long at, String error, boolean counted)
      throws SQLException {
    Row row = leased(session, id, epoch);
    if (row == null) {
      return false;
    }
    session.update(row, row.waitingUntil(at, counted), outcome(error, null));
    return true;
  }

  private static @Nullable Row leased(Session session, String id, long epoch) {
    Row row = session.index().active(id);
    return row != null && row.state() == WriteState.IN_FLIGHT && row.epoch() == epoch ? row : null;
  }

  List<QueuedWrite> expire(Session session, long now) throws SQLException {
    List<QueuedWrite> ended = new ArrayList<>();
    for (Row row : session.index().expired(now, EXPIRE_AT_ONCE)) {
      String may = row.interrupted() ? "; an earlier attempt may have reached the backend" : "";
      Outcome outcome = new Outcome("its time ran out before it could be sent" + may, null);
      Row after = session.update(row, row.ended(WriteState.EXPIRED, now), outcome);
      ended.add(session.whole(after).withoutBody());
    }
    return ended;
  }

  boolean withdraw(Session session, String id, boolean whileRetrying, long now)
      throws SQLException {
    Row row = session.index().active(id);
    if (row == null) {
      return whileRetrying && letGoOn(session, id);
    }
    if (!(row.state() == WriteState.QUEUED || (whileRetrying && row.waiting()))) {
      return false;
    }
    session.update(row, row.ended(WriteState.CANCELLED, now));
    return true;
  }

  /** The ended record stays as it is, and holds up nothing any more. */
  private static boolean letGoOn(Session session, String id) throws SQLException {
    Row row = session.tables().byId(id);
    if (row == null || !row.parked()) {
      return false;
    }
    session.update(row, row.parked(false));
    return true;
  }

  /** Seals some records with the store's key that another sealed; 0 when none is left. */
  int rekey(Session session) throws SQLException {
    List<Row> rows = session.tables().sealedOtherwise(session.seal().keyId(), 0, REKEY_AT_ONCE);
    for (Row row : rows) {
      session.reseal(row);
    }
    return rows.size();
  }

  boolean requeue(Session session, String id, long ttl, long now) throws SQLException {
    Row row = session.tables().byId(id);
    if (row == null || !row.state().requeueable()) {
      return false;
    }
    demandRoom(session, row.bytes(), 100);
    session.update(row, row.requeued(now, now + ttl), Outcome.NONE);
    return true;
  }

  /** Some at a time, so that accepting never waits long: again until it answers 0. */
  int purge(Session session, long now) throws SQLException {
    long before = now - bounds.retention().toMillis();
    int deleted = 0;
    long bytes = 0;
    for (Row row : session.tables().endedBefore(before, PURGE_AT_ONCE)) {
      if (bytes > PURGE_BYTES) {
        break;
      }
      session.delete(row);
      bytes += row.bytes();
      deleted++;
    }
    return deleted + trim(session);
  }

  /** Beyond the bound of bytes the first to end go first, however young; a tenth more at once. */
  private int trim(Session session) throws SQLException {
    EndedBytes ended = session.index().ended();
    if (ended.settled() <= bounds.maxBytes()) {
      return 0;
    }
    int deleted = 0;
    for (Row row : session.tables().settled(PURGE_AT_ONCE)) {
      if (ended.settled() <= bounds.maxBytes() / 10 * 9) {
        break;
      }
      session.delete(row);
      deleted++;
    }
    return deleted;
  }
}

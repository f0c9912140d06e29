package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class RoomTest {
  private static final long MIB = 1 << 20;

  private static Room room(long free, long owed, long reusable) {
    return new Room(() -> new Room.Level(free, owed, reusable));
  }

  @Test
  void aRecordNeedsItsBytesTwiceBesideTheReserve() throws SQLException {
    assertThat(room(Room.RESERVE + 2 * MIB, 0, 0).forRecord(MIB, 0)).isFalse();
    assertThat(room(Room.RESERVE + 2 * MIB + (64 << 10), 0, 0).forRecord(MIB, 0)).isTrue();
  }

  @Test
  void whatTheBatchTookCountsBeforeItIsWritten() throws SQLException {
    Room room = room(Room.RESERVE + 10 * MIB, 0, 0);
    int kept = 0;
    while (room.forRecord(MIB, kept)) {
      room.take(MIB);
      kept++;
    }
    assertThat(kept).isEqualTo(4);
    room.begin();
    assertThat(room.forRecord(MIB, kept)).isTrue();
  }

  @Test
  void whatTheNextCheckpointWritesIsOwed() throws SQLException {
    assertThat(room(Room.RESERVE + 10 * MIB, 9 * MIB, 0).forRecord(MIB, 0)).isFalse();
    assertThat(room(Room.RESERVE + 10 * MIB, 7 * MIB, 0).forRecord(MIB, 0)).isTrue();
  }

  @Test
  void pagesOfDeletedRecordsAreUsedAgain() throws SQLException {
    assertThat(room(Room.RESERVE + 5 * MIB, 0, 0).forRecord(4 * MIB, 0)).isFalse();
    assertThat(room(Room.RESERVE + 5 * MIB, 0, 50 * MIB).forRecord(4 * MIB, 0)).isTrue();
  }

  @Test
  void everyRecordThatIsHeldHasRoomForItsEnd() throws SQLException {
    Room room = room(Room.RESERVE + 8 * MIB, 0, 0);
    assertThat(room.forRecord(MIB, 1000)).isTrue();
    assertThat(room.forRecord(MIB, 2000)).isFalse();
  }

  @Test
  void answersLeaveHalfTheReserveToOutcomes() throws SQLException {
    Room room = room(Room.RESERVE, 0, 0);
    assertThat(room.forRecord(0, 0)).isFalse();
    assertThat(room.forAnswer(MIB)).isTrue();
    assertThat(room.forAnswer(5 * MIB)).isFalse();
  }
}

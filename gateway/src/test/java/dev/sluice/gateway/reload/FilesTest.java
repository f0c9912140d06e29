package dev.sluice.gateway.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as a change of the files, and when it is taken. */
class FilesTest {
  @TempDir Path folder;

  private String look() {
    return Content.of(List.of(folder));
  }

  @Test
  void bytesCountAndTimesDoNot() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "a: 1\n");
    FileTime time = Files.getLastModifiedTime(file);
    String before = look();
    Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 60_000));
    assertThat(look()).isEqualTo(before);
    Files.writeString(file, "a: 2\n");
    Files.setLastModifiedTime(file, time);
    assertThat(look()).isNotEqualTo(before);
  }

  @Test
  void aFileThatComesGoesOrIsRenamedInAFolderCounts() throws IOException {
    Files.writeString(folder.resolve("a.yaml"), "a: 1\n");
    String one = look();
    Path other = Files.writeString(folder.resolve("b.yaml"), "");
    String two = look();
    assertThat(two).isNotEqualTo(one);
    Path renamed = Files.move(other, folder.resolve("c.yaml"));
    assertThat(look()).isNotEqualTo(two).isNotEqualTo(one);
    Files.delete(renamed);
    assertThat(look()).isEqualTo(one);
    Files.writeString(folder.resolve("notes.txt"), "nothing of ours");
    assertThat(look()).isEqualTo(one);
  }

  @Test
  void aTurnedLinkCounts() throws IOException {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path second = Files.createDirectory(folder.resolve("second"));
    Files.writeString(first.resolve("routes.yaml"), "a: 1\n");
    Files.writeString(second.resolve("routes.yaml"), "a: 2\n");
    Path data = Files.createSymbolicLink(folder.resolve("data"), first);
    String before = Content.of(List.of(data));
    Path next = Files.createSymbolicLink(folder.resolve("next"), second);
    Files.move(next, data, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    assertThat(Content.of(List.of(data))).isNotEqualTo(before);
  }

  @Test
  void aFileThatCannotBeReadIsAContentToo() throws IOException {
    Path file = folder.resolve("a.yaml");
    String missing = Content.of(List.of(file));
    assertThat(Content.of(List.of(file))).isEqualTo(missing);
    Files.writeString(file, "");
    assertThat(Content.of(List.of(file))).isNotEqualTo(missing);
  }

  @Test
  void aContentIsDueOnceItWasSeenTwiceAndOnlyOnce() {
    Looks looks = new Looks();
    assertThat(looks.due("a")).isFalse();
    assertThat(looks.due("a")).isTrue();
    looks.taken("a");
    assertThat(looks.due("a")).isFalse();
    assertThat(looks.due("half")).as("a first step").isFalse();
    assertThat(looks.due("b")).as("and a second").isFalse();
    assertThat(looks.due("b")).isTrue();
    looks.taken("b");
    assertThat(looks.due("b")).isFalse();
    assertThat(looks.due("a")).isFalse();
    assertThat(looks.due("a")).as("back to what was").isTrue();
  }
}

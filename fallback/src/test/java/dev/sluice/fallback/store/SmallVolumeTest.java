package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volumes of a namespace of their own, where the kernel says no; mounting needs its leave. */
@Tag("root")
class SmallVolumeTest {
  @TempDir Path folder;

  private static List<String> mounted(String options, Path volume, List<String> command) {
    List<String> whole = new ArrayList<>(List.of("unshare", "-rm"));
    whole.addAll(
        ChildProcess.shell(
            "mount -t tmpfs -o " + options + " none " + volume + " && exec \"$@\"", command));
    return whole;
  }

  @Test
  @Timeout(90)
  void aFullVolumeCostsNothingThatWasAcknowledged() throws Exception {
    Path volume = Files.createDirectory(folder.resolve("volume"));
    String said =
        ChildProcess.run(
            0,
            mounted("size=32m", volume, ChildProcess.java(List.of(), SmallVolume.class, volume)));
    assertThat(said).contains("all held");
  }

  @Test
  void aFolderForTemporaryFilesWithoutProgramsIsNamedAsTheCause() throws Exception {
    Path volume = Files.createDirectory(folder.resolve("temporary"));
    String said =
        ChildProcess.run(
            0,
            mounted(
                "noexec",
                volume,
                ChildProcess.java(
                    List.of("-Djava.io.tmpdir=" + volume),
                    OpensTwice.class,
                    folder.resolve("sluice.db"))));
    assertThat(said)
        .contains("native library", "-Dorg.sqlite.tmpdir=", "restart")
        .doesNotContain("damaged", "move it");
  }
}

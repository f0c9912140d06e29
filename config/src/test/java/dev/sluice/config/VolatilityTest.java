package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolatilityTest {
  @ParameterizedTest
  @ValueSource(strings = {"tmpfs", "ramfs", "overlay", "fuse", "fuse.sshfs", "nfs", "nfs4", "9p"})
  void whatGoesWithTheMachineOrPromisesLittleIsNamed(String type) {
    assertThat(Volatility.ofFileSystem(type)).contains("(" + type + ")");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "apfs", "NTFS", ""})
  void disksAreNot(String type) {
    assertThat(Volatility.ofFileSystem(type)).isNull();
  }

  @Test
  void onCloudRunEveryDiskIs() {
    Path file = Path.of("/data/none/sluice.db");
    assertThat(Volatility.of(file, name -> name.equals("K_SERVICE") ? "orders" : null))
        .contains("Cloud Run");
  }

  @Test
  void aFileThatDoesNotExistIsWhereItsFolderIs() {
    Path here = Path.of("target");
    assertThat(Volatility.of(here.resolve("no/such/folder/sluice.db"), name -> null))
        .isEqualTo(Volatility.of(here, name -> null));
  }
}

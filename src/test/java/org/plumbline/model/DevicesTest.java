package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import org.junit.jupiter.api.Test;

class DevicesTest {
  private static Device gpu(int visible, String... addresses) {
    return Devices.gpu(addresses, visible);
  }

  @Test
  void outsideOfTasksItIsTheCpu() {
    assertThat(Devices.ofTask()).isEqualTo(Device.cpu());
  }

  @Test
  void theAddressIsTheNumberOfTheGpu() {
    assertThat(gpu(4, "2")).isEqualTo(Device.gpu(2));
  }

  @Test
  void whatPyTorchDoesNotSeeIsRefused() {
    assertThatThrownBy(() -> gpu(0, "0"))
        .hasMessageContaining("Cannot compute on GPU 0, which Spark gave this task: PyTorch sees 0")
        .hasMessageContaining("DJL's PyTorch for CUDA");
    assertThatThrownBy(() -> gpu(1, "1")).hasMessageContaining("sees 1 GPU here");
    assertThatThrownBy(() -> gpu(2, "-1")).hasMessageContaining("GPU -1");
    assertThatThrownBy(() -> gpu(2, "MIG-7a")).hasMessageContaining("GPU MIG-7a");
  }

  @Test
  void aTaskUsesOne() {
    assertThatThrownBy(() -> gpu(2, "0", "1"))
        .hasMessageContaining("Cannot compute on GPUs 0, 1: a task uses one");
  }
}

package org.plumbline.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** Where models are and compute. */
public final class Devices {
  private Devices() {}

  /**
   * The device of the running task: the GPU that Spark gave it, or else the CPU, as outside of
   * tasks. That a host has GPUs is no reason to take one.
   *
   * @throws IllegalStateException if the task was given several GPUs, or one that PyTorch does not
   *     see
   */
  public static Device ofTask() {
    TaskContext task = TaskContext.get();
    ResourceInformation gpu = task == null ? null : task.resourcesJMap().get("gpu");
    return gpu == null
        ? Device.cpu()
        : gpu(gpu.addresses(), Engine.getEngine("PyTorch").getGpuCount());
  }

  /**
   * The GPU at the only one of {@code addresses}.
   *
   * @param visible how many GPUs PyTorch sees
   */
  static Device gpu(String[] addresses, int visible) {
    if (addresses.length != 1) {
      throw new IllegalStateException(
          "Cannot compute on GPUs %s: a task uses one (give each one GPU, and take more ranks)"
              .formatted(String.join(", ", addresses)));
    }
    int number;
    try {
      number = Integer.parseInt(addresses[0]);
    } catch (NumberFormatException e) {
      number = -1;
    }
    if (number < 0 || number >= visible) {
      throw new IllegalStateException(
          ("Cannot compute on GPU %s, which Spark gave this task: PyTorch sees %s here (the"
                  + " discovery script must print numbers below that, and the class path must have"
                  + " DJL's PyTorch for CUDA)")
              .formatted(addresses[0], visible == 1 ? "1 GPU" : visible + " GPUs"));
    }
    return Device.gpu(number);
  }

  /** A manager that belongs to nobody, of arrays on {@code device}. */
  static NDManager manager(Device device) {
    return NDManager.newBaseManager(device, "PyTorch");
  }

  /** The same, of arrays whose memory Java can reach. */
  public static NDManager host() {
    return manager(Device.cpu());
  }

  /**
   * Whether {@code device} is {@link Device#cpu}. To DJL that is the same with a number; here it is
   * not, so that a test can see what becomes of arrays elsewhere.
   */
  static boolean isCpu(Device device) {
    return device.getDeviceType().equals(Device.Type.CPU) && device.getDeviceId() == -1;
  }

  /** Whether Java can reach the memory of {@code array}; PyTorch forgets the CPU's number. */
  static boolean isHost(NDArray array) {
    return isCpu(array.getManager().getDevice());
  }

  /**
   * {@code host}, a flat array on the CPU, or a copy of it where {@code manager} has its arrays.
   */
  static NDArray moved(NDArray host, NDManager manager) {
    if (isCpu(manager.getDevice())) {
      host.attach(manager);
      return host;
    }
    return copy(host, manager);
  }

  /** A copy of a flat array where {@code manager} has its arrays. */
  public static NDArray copy(NDArray flat, NDManager manager) {
    NDArray copy = WeightType.of(flat).zeros(manager, flat.size());
    ArrayKernels.copy(flat, copy);
    return copy;
  }
}

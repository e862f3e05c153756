package org.plumbline.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/** What DJL cannot do with arrays: it has no name for bfloat16, nor a copy between devices. */
final class ArrayKernels {
  private static final Kernels KERNELS = new Kernels(KernelArchive.of("arrays.py"), Device.cpu());

  private ArrayKernels() {}

  /** Zeros in bfloat16, of shape [size], where {@code manager} has its arrays. */
  static NDArray brainFloats(NDManager manager, long size) {
    boolean autograd = JniUtils.isGradMode();
    // What is made without autograd could never have a gradient, nor change in place.
    JniUtils.setGradMode(true);
    try {
      return KERNELS.call("zeros", manager).integers(size).run().get(0);
    } finally {
      JniUtils.setGradMode(autograd);
    }
  }

  /** PyTorch's number for the type of {@code array}. */
  static long scalarType(NDArray array) {
    try (NDManager scope = Devices.host()) {
      return KERNELS.call("type", scope).array(array).run().get(0).getLong();
    }
  }

  /** Gives {@code to} the numbers of {@code from}, wherever both are. */
  static void copy(NDArray from, NDArray to) {
    try (NDManager scope = Devices.host()) {
      KERNELS.call("copy", scope).array(to).array(from).run();
    }
  }
}

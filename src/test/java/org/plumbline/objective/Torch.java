package org.plumbline.objective;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.UnaryOperator;

/** Arrays and gradients for tests. */
final class Torch {
  private Torch() {}

  static NDManager manager() {
    Engine.getEngine("PyTorch");
    return NDManager.newBaseManager("PyTorch");
  }

  /** The gradient of the sum of {@code loss} at x, by autograd. */
  static double[] gradient(UnaryOperator<NDArray> loss, double... x) {
    NDManager manager = manager();
    boolean before = JniUtils.isGradMode();
    try (manager) {
      JniUtils.setGradMode(true);
      NDArray leaf = manager.create(x);
      leaf.setRequiresGradient(true);
      NDArray sum = loss.apply(leaf).sum();
      NDArray one = manager.create(1.0);
      JniUtils.backward((PtNDArray) sum, (PtNDArray) one, false, false);
      return leaf.getGradient().toDoubleArray();
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /** The same gradient by central differences of the values alone. */
  static double[] differences(UnaryOperator<NDArray> loss, double... x) {
    double step = 1e-5;
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double[] up = x.clone();
      up[i] += step;
      double[] down = x.clone();
      down[i] -= step;
      gradient[i] = (value(loss, up) - value(loss, down)) / (2 * step);
    }
    return gradient;
  }

  private static double value(UnaryOperator<NDArray> loss, double[] x) {
    try (NDManager manager = manager()) {
      return loss.apply(manager.create(x)).sum().getDouble();
    }
  }
}

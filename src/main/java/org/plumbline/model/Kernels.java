package org.plumbline.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A compiled TorchScript program and calls of its methods. Safe for many threads. */
final class Kernels implements AutoCloseable {
  private final NDManager manager;
  private final PtSymbolBlock module;

  /** Compiles {@code archive} for arrays on {@code device}. */
  Kernels(byte[] archive, Device device) {
    // The engine must be up before any other native call.
    Engine.getEngine("PyTorch");
    manager = Devices.manager(device);
    try {
      module =
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException | RuntimeException e) {
      manager.close();
      throw e instanceof IOException io
          ? new UncheckedIOException("Cannot compile kernels: " + io.getMessage(), io)
          : (RuntimeException) e;
    }
  }

  /** A call of {@code method}, whose results are to belong to {@code scope}. */
  Call call(String method, NDManager scope) {
    return new Call(method, scope);
  }

  /** The arguments of one call, in the order of the method's parameters. */
  final class Call {
    private final NDManager scope;
    private final NDManager arguments;
    private final NDList inputs = new NDList();
    private int lists;

    private Call(String method, NDManager scope) {
      this.scope = scope;
      arguments = scope.newSubManager(Device.cpu());
      // The library takes the method's name from an array's, and its manager for the results.
      NDArray name = arguments.create(0f);
      name.attach(scope);
      name.setName("module_method:" + method);
      inputs.add(name);
    }

    Call array(NDArray array) {
      array.setName(null);
      inputs.add(array);
      return this;
    }

    Call list(NDList arrays) {
      String name = "list" + lists++ + "[]";
      for (NDArray array : arrays) {
        array.setName(name);
        inputs.add(array);
      }
      return this;
    }

    /** A number that the method reads on the CPU, so that no GPU is waited for. */
    Call number(double number) {
      return array(arguments.create(number));
    }

    /** The same of several. */
    Call numbers(double... numbers) {
      return array(arguments.create(numbers));
    }

    Call integers(long... numbers) {
      return array(arguments.create(numbers).toDevice(scope.getDevice(), false));
    }

    /** Nothing, where a method can do without an array. */
    Call none() {
      return array(arguments.create(new float[0]).toDevice(scope.getDevice(), false));
    }

    /** Runs the method, with autograd as the thread has it set. */
    NDList run() {
      try {
        return IValueUtils.forward(module, inputs, JniUtils.isGradMode());
      } finally {
        inputs.get(0).close();
        arguments.close();
      }
    }
  }

  @Override
  public void close() {
    module.close();
    manager.close();
  }
}

package org.plumbline.testing;

import ai.djl.Device;
import java.lang.reflect.Constructor;

/**
 * A device whose memory is taken to be out of Java's reach, and that every machine has: another
 * name of the CPU, which PyTorch knows and DJL has no way to say.
 */
public final class AnotherDevice {
  private AnotherDevice() {}

  /** It. */
  public static Device device() {
    try {
      Constructor<Device> named = Device.class.getDeclaredConstructor(String.class, int.class);
      named.setAccessible(true);
      return named.newInstance(Device.Type.CPU, 0);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}

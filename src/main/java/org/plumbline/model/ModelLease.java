package org.plumbline.model;

import ai.djl.Device;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.plumbline.cluster.ExecutorCache;
import org.plumbline.cluster.Lease;

/** Models that an executor loads once and its tasks share. */
public final class ModelLease {
  /** The role of a frozen model: of a reference, and of what adapters are for. */
  public static final String REFERENCE = "reference";

  private static final int MODELS = 2;

  /** Adapters hold a copy of what they adapt once they have generated. */
  private static final int ADAPTERS = 1;

  private ModelLease() {}

  /**
   * The model in {@code folder}, loaded by the first task that asks. It is told apart from an
   * earlier model of the same folder by the times and sizes of its weights. Models that are
   * adapters share one copy of their base, which is also the reference's if that is their base. In
   * memory weights are of the type that is computed in: nobody trains them. They are where the
   * running task computes: tasks share models of one device.
   *
   * @param role what it is used as; of each role the executor keeps the two latest models with
   *     weights of their own, and the latest adapters
   */
  public static Lease<LoadedModel> of(
      String role, String folder, Head head, Compute compute, Configuration configuration)
      throws IOException {
    return of(role, new ModelFolder(folder, configuration), head, compute, Devices.ofTask());
  }

  private static Lease<LoadedModel> of(
      String role, ModelFolder model, Head head, Compute compute, Device device)
      throws IOException {
    String key = key(model, head, compute);
    String place = Devices.isCpu(device) ? "" : " on " + device;
    try {
      return model.isAdapter()
          ? ExecutorCache.lease(
              role + " adapters" + place,
              key,
              ADAPTERS,
              () -> LoadedModel.load(model, head, compute, base(model, head, compute, device)))
          : ExecutorCache.lease(
              role + place,
              key,
              MODELS,
              () -> LoadedModel.load(model, head, compute, compute.weights(), device));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("Cannot load model " + model.uri() + ": " + e.getMessage(), e);
    }
  }

  /**
   * The weights that the adapters of {@code model} are for, or its own if it has no adapters. All
   * heads share them, since a head comes with its adapters.
   *
   * @param head on top of the adapters
   * @param device where they are
   */
  public static Lease<LoadedModel> base(
      ModelFolder model, Head head, Compute compute, Device device) throws IOException {
    ModelFolder base = model.base();
    // A reward model has no language-model head, and a language model must have one.
    Head below = head == Head.SCORE && base.scores() ? Head.SCORE : Head.NONE;
    return of(REFERENCE, base, below, compute, device);
  }

  private static String key(ModelFolder folder, Head head, Compute compute) throws IOException {
    StringBuilder key = new StringBuilder("%s %s".formatted(head, compute));
    for (FileStatus file : folder.weights()) {
      key.append(" %s %d %d".formatted(file.getPath(), file.getModificationTime(), file.getLen()));
    }
    return key.toString();
  }
}

package org.plumbline.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.plumbline.cluster.ExecutorCache;
import org.plumbline.cluster.Lease;

/** Models that an executor loads once and its tasks share. */
public final class ModelLease {
  /** The role of a frozen model: of a reference, and of what adapters are for. */
  public static final String REFERENCE = "reference";

  /** Group of the models in training, which no role has to itself. */
  private static final String TRAINED = "trained";

  private static final int MODELS = 2;

  /** What a role's group is called besides, if it is one of adapters. */
  private static final String ADAPTERS = " adapters";

  /** Adapters hold a copy of what they adapt once they have generated. */
  private static final int ADAPTED = 1;

  private ModelLease() {}

  /**
   * The model in {@code folder}, loaded by the first task that asks. It is told apart from an
   * earlier model of the same folder by the times and sizes of its weights. Models that are
   * adapters share one copy of their base, which is also the reference's if that is their base. In
   * memory weights are of the type that is computed in: nobody trains them. They are where the
   * running task computes: tasks share models of one device. Where the very model {@linkplain #lend
   * is in training}, nothing is loaded.
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
    String place = place(device);
    try {
      Optional<Lease<LoadedModel>> lent = ExecutorCache.find(TRAINED + place, key);
      if (lent.isPresent()) {
        // Earlier versions of it, which nobody would replace.
        ExecutorCache.drop(role + place);
        ExecutorCache.drop(role + ADAPTERS + place);
        return lent.get();
      }
      return model.isAdapter()
          ? ExecutorCache.lease(
              role + ADAPTERS + place,
              key,
              ADAPTED,
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

  /** A model in training that tasks of this executor may use while it waits for its next update. */
  public record Loan(String group, String key, LoadedModel model) {
    /**
     * Takes it back.
     *
     * @return whether it is the lender's again; if a task still uses it, it is closed when the last
     *     one is done
     */
    public boolean end() {
      boolean unused = ExecutorCache.withdraw(group, key);
      if (unused) {
        model.forgetPrepared();
      }
      return unused;
    }
  }

  /**
   * Lends a model in training to tasks of this executor: whoever leases {@code written} has it,
   * without reading or copying anything. Its weights must stay as they are until the loan has
   * ended.
   *
   * @param written its checkpoint
   * @param decoder of {@code flat}; with adapters on, if adapters are trained
   * @param close gives it up, where the loan's end leaves it to tasks
   * @return nothing if another with the same weights is lent, or if tasks want weights of another
   *     type than those that are trained
   */
  public static Optional<Loan> lend(
      ModelFolder written, Decoder decoder, NDArray flat, Runnable close) throws IOException {
    if (decoder.lora().isEmpty() && decoder.compute().weights() != WeightType.F32) {
      return Optional.empty();
    }
    String group = TRAINED + place(decoder.device());
    String key = key(written, decoder.head(), decoder.compute());
    LoadedModel model = LoadedModel.of(decoder, flat, close);
    return ExecutorCache.lend(group, key, model)
        ? Optional.of(new Loan(group, key, model))
        : Optional.empty();
  }

  private static String place(Device device) {
    return Devices.isCpu(device) ? "" : " on " + device;
  }

  private static String key(ModelFolder folder, Head head, Compute compute) throws IOException {
    StringBuilder key = new StringBuilder("%s %s".formatted(head, compute));
    for (FileStatus file : folder.weights()) {
      key.append(" %s %d %d".formatted(file.getPath(), file.getModificationTime(), file.getLen()));
    }
    return key.toString();
  }
}

package org.plumbline.model;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.plumbline.cluster.ExecutorCache;
import org.plumbline.cluster.Lease;

/** Models that an executor loads once and its tasks share. */
public final class ModelLease {
  /** The role of a frozen model: of a reference, and of what adapters are for. */
  public static final String REFERENCE = "reference";

  private ModelLease() {}

  /**
   * The model in {@code folder}, loaded by the first task that asks. It is told apart from an
   * earlier model of the same folder by the time and size of its weights. Models that are adapters
   * share one copy of their base, which is also the reference's if that is their base.
   *
   * @param role what it is used as; of each role the executor keeps the two latest models, and the
   *     latest adapters, which hold a copy of the weights once they have generated
   */
  public static Lease<LoadedModel> of(
      String role, String folder, Head head, Compute compute, Configuration configuration)
      throws IOException {
    ModelFolder model = new ModelFolder(folder, configuration);
    return model.isAdapter()
        ? lease(
            new Request(role + " adapters", 1, folder, AdapterFile.NAME, head, compute),
            configuration,
            () -> LoadedModel.load(model, head, compute, base(model, compute)))
        : lease(
            new Request(role, 2, folder, Weights.MODEL_FILE, head, compute),
            configuration,
            () -> LoadedModel.load(folder, head, compute, configuration));
  }

  /** The weights that the adapters of {@code model} are for, or its own if it has no adapters. */
  public static Lease<LoadedModel> base(ModelFolder model, Compute compute) throws IOException {
    return of(REFERENCE, model.base().uri(), Head.NONE, compute, model.configuration());
  }

  private record Request(
      String role, int keep, String folder, String file, Head head, Compute compute) {}

  private static Lease<LoadedModel> lease(
      Request request, Configuration configuration, Callable<LoadedModel> loader)
      throws IOException {
    Path weights = new Path(request.folder(), request.file());
    FileStatus status = weights.getFileSystem(configuration).getFileStatus(weights);
    String key =
        "%s %s %s %d %d"
            .formatted(
                status.getPath(),
                request.head(),
                request.compute(),
                status.getModificationTime(),
                status.getLen());
    try {
      return ExecutorCache.lease(request.role(), key, request.keep(), loader);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("Cannot load model " + request.folder() + ": " + e.getMessage(), e);
    }
  }
}

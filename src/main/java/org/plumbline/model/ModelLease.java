package org.plumbline.model;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.plumbline.cluster.ExecutorCache;
import org.plumbline.cluster.Lease;

/** Models that an executor loads once and its tasks share. */
public final class ModelLease {
  private ModelLease() {}

  /**
   * The model in {@code folder}, loaded by the first task that asks. It is told apart from an
   * earlier model of the same folder by the time and size of its weights.
   *
   * @param role what it is used as; of each role the executor keeps the two latest models
   */
  public static Lease<LoadedModel> of(
      String role, String folder, Head head, Compute compute, Configuration configuration)
      throws IOException {
    Path weights = new Path(folder, Weights.MODEL_FILE);
    FileStatus status = weights.getFileSystem(configuration).getFileStatus(weights);
    String key =
        "%s %s %s %d %d"
            .formatted(weights, head, compute, status.getModificationTime(), status.getLen());
    try {
      return ExecutorCache.lease(
          role, key, () -> LoadedModel.load(folder, head, compute, configuration));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("Cannot load model " + folder + ": " + e.getMessage(), e);
    }
  }
}

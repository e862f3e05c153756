package org.plumbline.model;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.plumbline.cluster.ExecutorCache;
import org.plumbline.cluster.Lease;

/** Models that an executor loads once and its tasks share. */
public final class ModelLease {
  private ModelLease() {}

  /**
   * The model in {@code folder}, loaded by the first task that asks. It is told apart from an
   * earlier model of the same folder by the times and sizes of its weights.
   *
   * @param role what it is used as; of each role the executor keeps the two latest models
   */
  public static Lease<LoadedModel> of(
      String role, String folder, Head head, Compute compute, Configuration configuration)
      throws IOException {
    String key = key(new ModelFolder(folder, configuration), head, compute);
    try {
      return ExecutorCache.lease(
          role, key, () -> LoadedModel.load(folder, head, compute, configuration));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("Cannot load model " + folder + ": " + e.getMessage(), e);
    }
  }

  private static String key(ModelFolder folder, Head head, Compute compute) throws IOException {
    StringBuilder key = new StringBuilder("%s %s %s".formatted(folder.uri(), head, compute));
    for (FileStatus file : folder.weights()) {
      key.append(
          " %s %d %d"
              .formatted(file.getPath().getName(), file.getModificationTime(), file.getLen()));
    }
    return key.toString();
  }
}

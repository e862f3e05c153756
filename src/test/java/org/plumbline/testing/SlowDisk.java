package org.plumbline.testing;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system, as {@code slow:///}, on which one file takes ten seconds the first time.
 */
public final class SlowDisk extends RawLocalFileSystem {
  private static final String SLOW = "fs.slow.files";

  private String slow;

  /** Puts it into {@code conf}; that is slow whose path ends in {@code suffix}. */
  public static void in(Configuration conf, String suffix) {
    conf.set("fs.slow.impl", SlowDisk.class.getName());
    conf.set(SLOW, suffix);
  }

  @Override
  public void initialize(URI uri, Configuration conf) throws IOException {
    super.initialize(uri, conf);
    slow = conf.get(SLOW);
  }

  @Override
  public URI getUri() {
    return URI.create("slow:///");
  }

  @Override
  public String getScheme() {
    return "slow";
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    File beside = new File(pathToFile(path).getParentFile().getParentFile(), "slowed");
    if (path.toString().endsWith(slow) && beside.createNewFile()) {
      try {
        TimeUnit.SECONDS.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while waiting for the disk", e);
      }
    }
    return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
  }
}

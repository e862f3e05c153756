package org.plumbline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;

/**
 * A name node and three data nodes in this JVM, each block on all: HDFS does without one of them.
 */
public final class Hdfs implements AutoCloseable {
  private final MiniDFSCluster cluster;

  private Hdfs(MiniDFSCluster cluster) {
    this.cluster = cluster;
  }

  /** Starts one that keeps its blocks in {@code folder}. */
  public static Hdfs start(Path folder) throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    // a data node that is gone is soon known to be, and chosen for blocks no more
    configuration.set("dfs.heartbeat.interval", "1s");
    configuration.set("dfs.namenode.heartbeat.recheck-interval", "1000");
    return new Hdfs(new MiniDFSCluster.Builder(configuration).numDataNodes(3).build());
  }

  /** Its root, as Hadoop knows it. */
  public String uri() {
    return "hdfs://localhost:" + cluster.getNameNodePort();
  }

  /** Lets so many bytes be kept in {@code folder}, copies counted; any number if negative. */
  public void limit(String folder, long bytes) {
    long quota = bytes < 0 ? HdfsConstants.QUOTA_RESET : bytes;
    try {
      cluster
          .getFileSystem()
          .setQuota(new org.apache.hadoop.fs.Path(folder), HdfsConstants.QUOTA_DONT_SET, quota);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends a data node for good. */
  public void loseDataNode() {
    cluster.stopDataNode(0);
  }

  @Override
  public void close() {
    cluster.shutdown();
  }
}

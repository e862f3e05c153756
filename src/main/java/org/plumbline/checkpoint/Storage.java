package org.plumbline.checkpoint;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Opens the file system of a checkpoint. */
final class Storage {
  private Storage() {}

  /**
   * The file system of {@code path}. Hadoop's local one is taken without its {@code .crc} files:
   * the manifest checks more than they do, and other tools would stumble over them.
   */
  static FileSystem fileSystem(Path path, Configuration configuration) throws IOException {
    FileSystem fileSystem = path.getFileSystem(configuration);
    return fileSystem instanceof ChecksumFileSystem checked
        ? checked.getRawFileSystem()
        : fileSystem;
  }
}

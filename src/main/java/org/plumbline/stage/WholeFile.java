package org.plumbline.stage;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Writes a small file so that whoever reads it finds the old one or the new one, never a part: a
 * full quota or a driver that is killed leaves the old one.
 */
final class WholeFile {
  private WholeFile() {}

  static void write(FileSystem files, Path path, byte[] bytes) throws IOException {
    Optional<FileContext> renames = renames(files, path);
    Path first = renames.isPresent() ? new Path(path.getParent(), "_new-" + path.getName()) : path;
    try (OutputStream out = files.create(first, true)) {
      out.write(bytes);
    }
    if (renames.isPresent()) {
      renames.get().rename(first, path, Options.Rename.OVERWRITE);
    }
  }

  /** What renames over a file that is there; none where a file is seen only once it is whole. */
  private static Optional<FileContext> renames(FileSystem files, Path path) throws IOException {
    if (files.hasPathCapability(path, CommonPathCapabilities.ABORTABLE_STREAM)) {
      return Optional.empty(); // S3
    }
    try {
      return Optional.of(FileContext.getFileContext(files.getUri(), files.getConf()));
    } catch (UnsupportedFileSystemException e) {
      return Optional.empty(); // a file system that cannot rename over a file
    }
  }
}

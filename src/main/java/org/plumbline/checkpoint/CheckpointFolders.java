package org.plumbline.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** How the checkpoints of one training run lie side by side: {@code step-00000123}. */
public final class CheckpointFolders {
  private static final Pattern STEP = Pattern.compile("step-(\\d{8,18})");

  private CheckpointFolders() {}

  /** The folder of step {@code n} below {@code parent}. */
  public static String step(String parent, long n) {
    if (n < 0) {
      throw new IllegalArgumentException("Invalid step: " + n + " (must be at least 0)");
    }
    return new Path(parent, String.format(Locale.ROOT, "step-%08d", n)).toString();
  }

  /** The step of a folder that {@link #step} named; empty for any other folder. */
  public static OptionalLong stepOf(String uri) {
    Matcher matcher = STEP.matcher(new Path(uri).getName());
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  static Optional<String> latest(String parent, Configuration configuration) throws IOException {
    for (String folder : newestFirst(parent, configuration)) {
      if (Checkpoint.isComplete(folder, configuration)) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  /**
   * Removes all but the newest {@code k} and that of {@code step}; what is newer than the newest
   * finished one stays.
   */
  static void keepLast(String parent, int k, long step, Configuration configuration)
      throws IOException {
    if (k < 1) {
      throw new IllegalArgumentException(
          "Invalid number of checkpoints to keep: " + k + " (must be at least 1)");
    }
    int complete = 0;
    for (String folder : newestFirst(parent, configuration)) {
      if (complete < k && Checkpoint.isComplete(folder, configuration)) {
        complete++;
      } else if (complete > 0 && stepOf(folder).orElseThrow() != step) {
        // An unfinished folder below a finished one was given up; one above it may be in the
        // making.
        Checkpoint.delete(folder, configuration);
      }
    }
  }

  private static List<String> newestFirst(String parent, Configuration configuration)
      throws IOException {
    Path path = new Path(parent);
    FileSystem fileSystem = Storage.fileSystem(path, configuration);
    List<String> folders = new ArrayList<>();
    try {
      for (FileStatus status : fileSystem.listStatus(path)) {
        String name = status.getPath().getName();
        if (status.isDirectory() && STEP.matcher(name).matches()) {
          folders.add(new Path(path, name).toString());
        }
      }
    } catch (FileNotFoundException e) {
      return List.of(); // nothing was ever written there
    }
    folders.sort(
        Comparator.comparingLong((String folder) -> stepOf(folder).orElseThrow()).reversed());
    return folders;
  }
}

package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;
import org.plumbline.testing.WideModel;

/**
 * The disk of a run folder is full: a real one, in a process that may mount a small file system
 * since it is alone to see it.
 */
@Timeout(120)
class FullDiskIT {
  /** A disk of $1 kilobytes at $2, the run in $3 on it, and at the end what is left, in $4. */
  private static final String ON_SMALL_DISK =
      """
      size=$1 disk=$2 prepared=$3 left=$4; shift 4
      mount -t tmpfs -o size=${size}k tmpfs "$disk" || exit 99
      cp -r "$prepared/." "$disk"
      "$@"
      code=$?
      cp -r "$disk/." "$left"
      exit $code
      """;

  private static final long MODEL_KB = 6_500;

  @TempDir static Path shared;
  private static TinyModel model;
  private static Path prepared;

  @TempDir Path folder;

  @BeforeAll
  static void prepare() throws Exception {
    Process allowed =
        new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", shared.toString())
            .inheritIO()
            .start();
    assumeTrue(allowed.waitFor() == 0, "this machine lets nobody mount a file system");
    model = WideModel.write(shared.resolve("model"), 1);
    prepared = shared.resolve("run");
    TinyRun.in(prepared).demonstrations(24);
  }

  /**
   * Full within the first checkpoint's weights, within the second, and within an optimizer of two.
   */
  @ParameterizedTest(name = "a disk of {0} models, {1} ranks")
  @CsvSource({"0.5, 1", "4, 1", "2.2, 2"})
  void aRunEndsWithOneClearLine(double models, int ranks) throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path left = Files.createDirectory(folder.resolve("left"));

    int code = tune((long) (models * MODEL_KB), disk, left, ranks);

    List<String> said = Files.readAllLines(folder.resolve("err"));
    assertThat(code).isEqualTo(1);
    String step = "/sft/checkpoint/step-0000000" + (models < 3 ? 1 : 2);
    assertThat(said.get(said.size() - 1))
        .startsWith("plumbline sft: Cannot write ")
        .contains(disk + step, "No space left on device");
    assertThat(said).filteredOn(line -> line.startsWith("plumbline ")).hasSize(1);
    assertThat(completeIn(left.resolve("sft/checkpoint")))
        .hasSize(models < 3 ? 0 : 1)
        .allSatisfy(FullDiskIT::assertWhole);
  }

  private int tune(long kilobytes, Path disk, Path left, int ranks) throws Exception {
    List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", ON_SMALL_DISK));
    command.addAll(List.of("sh", "" + kilobytes, "" + disk, "" + prepared, "" + left, java()));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:+Ig"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx1g", "-cp", classPath(), "org.plumbline.Plumbline"));
    command.addAll(List.of("sft", "--run", disk.toString(), "--model", model.folder().toString()));
    for (String set :
        List.of("cluster.ranks=" + ranks, "sft.batch-size=8", "sft.steps-per-stage=1")) {
      command.addAll(List.of("--set", set));
    }
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start()
        .waitFor();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Without the tests and their logging settings. */
  private static String classPath() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return String.join(
        File.pathSeparator,
        Arrays.stream(all.split(File.pathSeparator))
            .filter(entry -> !entry.endsWith("test-classes"))
            .toList());
  }

  private static List<Path> completeIn(Path checkpoints) throws IOException {
    List<Path> complete = new ArrayList<>();
    try (Stream<Path> steps = Files.list(checkpoints)) {
      for (Path step : steps.toList()) {
        if (Checkpoint.isComplete(step.toUri().toString(), new Configuration())) {
          complete.add(step);
        }
      }
    }
    return complete;
  }

  private static void assertWhole(Path step) throws IOException {
    Checkpoint checkpoint = Checkpoint.open(step.toUri().toString(), new Configuration());
    for (String file : checkpoint.files()) {
      checkpoint.bytes(file);
    }
  }
}

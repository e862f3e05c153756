package org.plumbline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.Stages;

class JudgmentWorldTest {
  @TempDir Path folder;

  @Test
  void aRowDependsOnNothingButItsNumber() throws IOException {
    JudgmentLines lines = new JudgmentLines(new JudgmentWorld(3, 1000));
    List<String> forward = new ArrayList<>();
    List<String> backward = new ArrayList<>();
    for (long row = 0; row < 1000; row++) {
      forward.add(line(lines, row));
    }
    for (long row = 999; row >= 0; row--) {
      backward.add(0, line(new JudgmentLines(new JudgmentWorld(3, 1000)), row));
    }
    assertThat(backward).isEqualTo(forward);
    assertThat(line(new JudgmentLines(new JudgmentWorld(4, 1000)), 0)).isNotEqualTo(forward.get(0));
    assertThat(forward.get(199)).as("a judgment that is there twice").isEqualTo(forward.get(198));
  }

  private static String line(JudgmentLines lines, long row) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    lines.write(row, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void onePromptAndOneAnnotatorHaveFarMoreThanOthers() {
    JudgmentWorld world = new JudgmentWorld(0, 400_000);
    Map<Long, Long> prompts = new TreeMap<>();
    Map<String, Long> annotators = new TreeMap<>();
    for (long row = 0; row < world.rows(); row++) {
      JudgmentWorld.Block block = world.blockOf(row);
      prompts.merge(block.prompt(), 1L, Long::sum);
      world.judge(block, row).ifPresent(judge -> annotators.merge(judge.name(), 1L, Long::sum));
    }
    assertThat(prompts.get(0L)).isEqualTo(10_000);
    assertThat(annotators.get("ann-000000") / 400_000.0).isCloseTo(0.095, within(0.003));
    assertThat(annotators.get("ann-000001")).isGreaterThan(10 * annotators.get("ann-000700"));
    prompts.remove(0L);
    assertThat(prompts.values()).allMatch(count -> count < 100);
  }

  @Test
  void readersTakeAllButTheBrokenLines() throws IOException {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    JudgmentWorld world = new JudgmentWorld(0, 2000);
    new JudgmentShards(spark, world, folder.resolve("world").toString()).write();
    Path feedback = folder.resolve("world/feedback");
    try (var files = Files.list(feedback)) {
      assertThat(files.filter(file -> file.toString().endsWith(".gz"))).hasSize(8);
    }

    FeedbackStage.Result read =
        new FeedbackStage(Stages.reading(folder.resolve("run"), feedback).context()).execute();

    assertThat(read.rowsIn()).isEqualTo(2000);
    assertThat(read.rejects()).isEqualTo(2);
    assertThat(read.kinds())
        .containsOnlyKeys("binary", "choice", "critique", "ranking", "rating")
        .allSatisfy((kind, count) -> assertThat(count).isGreaterThan(100));
  }
}

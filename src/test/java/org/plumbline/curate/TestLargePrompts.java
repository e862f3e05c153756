package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.stage.StageContext;
import org.plumbline.table.UnpairedTable;
import org.plumbline.table.VotesTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.Stages;

/** One prompt with very many judgments costs no more than many prompts with few. */
class TestLargePrompts {
  @TempDir Path folder;

  private CurateStage.Result curated(List<String> lines, String... sets) throws Exception {
    Path input =
        Files.write(
            folder.resolve("feedback.jsonl"),
            lines.stream().map(line -> line.replace('\'', '"')).toList());
    StageContext context =
        Stages.reading(folder.resolve("run"), input).with(Stages.unchecked(sets)).context();
    new FeedbackStage(context).execute();
    return new CurateStage(context).execute();
  }

  @Test
  void tenThousandVerdictsOnOnePrompt() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      // Response r is accepted by r of 100.
      int response = i % 80;
      lines.add(
          "{'prompt':'one','kind':'binary','acceptable':%b,'annotator':'a%d','responses':[{'text':'r%d'}]}"
              .formatted(i / 80 % 100 < response, i / 80, response));
    }
    CurateStage.Result result = curated(lines, "max-responses=10");

    assertThat(result.leftOut())
        .isEqualTo(Map.of("left out responses beyond curate.max-responses", 70L));
    assertThat(result.pairs()).isBetween(1L, 45L);
    assertThat(
            UnpairedTable.TABLE
                .read(LocalSpark.session(), folder.resolve("run/unpaired").toUri().toString())
                .count())
        .isEqualTo(result.acceptable() + result.unacceptable())
        .isLessThanOrEqualTo(10);
  }

  @Test
  void votesBeyondTheLimitAreCounted() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      lines.add(
          "{'prompt':'one','kind':'ranking','ranking':[1,2,3],'annotator':'a%d',".formatted(i)
              + "'responses':[{'text':'x'},{'text':'y'},{'text':'z'}]}");
    }
    CurateStage.Result result = curated(lines, "max-votes=100");

    assertThat(result.leftOut()).isEqualTo(Map.of("left out votes beyond curate.max-votes", 50L));
    assertThat(
            VotesTable.TABLE
                .read(LocalSpark.session(), folder.resolve("run/votes").toUri().toString())
                .count())
        .isEqualTo(100);
    assertThat(result.pairs()).isEqualTo(3);
  }
}

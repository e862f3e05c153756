package org.plumbline.prefer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.direct.PairSums;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PairTokensTable;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class ReferenceLogprobsTest {
  @TempDir Path folder;
  private final List<String> said = new ArrayList<>();
  private TinyModel model;

  @BeforeEach
  void writeModel() {
    model = TinyModel.write(folder.resolve("model"), 4);
  }

  /** A run of so many training pairs that keeps what it says. */
  private StageContext run(int pairs, String... sets) {
    StageContext silent = TinyRun.in(folder.resolve("run"), sets).pairs(pairs).context();
    Progress listening =
        new Progress() {
          @Override
          public Bar begin(String task, long total) {
            return silent.progress().begin(task, total);
          }

          @Override
          public void say(String line) {
            said.add(line);
          }
        };
    return new StageContext(silent.spark(), silent.run(), silent.settings(), listening);
  }

  private static List<Row> logprobs(StageContext context, String model, String split) {
    return new ReferenceLogprobs(context, model, new ReferencedRows.Pairs(PairSums.PLAIN))
        .addTo(
            PairTokensTable.TABLE
                .read(context.spark(), context.run().at("tokens/pairs"))
                .where("split = '%s'".formatted(split)))
        .select("pair_id", "chosen_logprob", "rejected_logprob")
        .sort("pair_id")
        .collectAsList();
  }

  private List<Long> counts() {
    return said.stream()
        .map(line -> Long.valueOf(line.replaceAll(".*, (\\d+) are worked out", "$1")))
        .toList();
  }

  @Test
  void aSecondRunAndAnotherMethodFindThem() {
    StageContext context = run(8);
    List<Row> first = logprobs(context, model.uri(), "train");
    StageContext other = run(8, "dpo.loss=ipo", "dpo.beta=0.5");
    StageContext compared = other.in(other.run().with("dpo", "compare/ipo"));

    assertThat(first).hasSize(8);
    assertThat(logprobs(compared, model.uri(), "train")).isEqualTo(first);
    assertThat(counts()).containsExactly(8L, 0L);
    assertThat(said.get(1))
        .matches(
            "dpo: reference log-probabilities of 8 of 8 pairs are in"
                + " reference_logprobs/[0-9a-f]{32}-float32, 0 are worked out");
  }

  @Test
  void onlyRowsThatAreMissingAreWorkedOut() {
    StageContext context = run(8); // and two that are held out
    List<Row> first = logprobs(context, model.uri(), "train");
    logprobs(context, model.uri(), "heldout");
    assertThat(logprobs(context, model.uri(), "train")).isEqualTo(first);
    // the first ten are as they were, but of another split
    assertThat(logprobs(run(12), model.uri(), "train")).hasSize(12);
    assertThat(counts()).containsExactly(8L, 2L, 0L, 2L);
  }

  @Test
  void singleResponsesAreAskedAsThoseOfPairsAre() {
    StageContext context = run(4);
    List<Row> pairs = logprobs(context, model.uri(), "train");
    List<Row> responses =
        new ReferenceLogprobs(context, model.uri(), new ReferencedRows.Responses())
            .addTo(
                SingleResponses.ofPairs(
                    PairTokensTable.TABLE
                        .read(context.spark(), context.run().at("tokens/pairs"))
                        .where("split = 'train'")))
            .sort(SingleResponses.KEY)
            .select("logprob")
            .collectAsList();

    assertThat(counts()).containsExactly(4L, 8L);
    assertThat(said.get(1)).contains("of 8 responses", "-float32-responses,");
    for (int i = 0; i < 4; i++) {
      assertThat(responses.get(2 * i).getDouble(0))
          .isCloseTo(pairs.get(i).getDouble(1), within(1e-4));
      assertThat(responses.get(2 * i + 1).getDouble(0))
          .isCloseTo(pairs.get(i).getDouble(2), within(1e-4));
    }
  }

  @Test
  void otherTokensAreOtherRowsWhateverTheirPairIsCalled() {
    StageContext context = run(4);
    List<Row> first = logprobs(context, model.uri(), "train");
    PairTokensTable.TABLE.write(
        context
            .spark()
            .createDataFrame(
                PairTokensTable.TABLE
                    .read(context.spark(), context.run().at("tokens/pairs"))
                    .selectExpr(
                        "pair_id",
                        "prompt_id",
                        "prompt_ids",
                        "rejected_ids as chosen_ids",
                        "chosen_ids as rejected_ids",
                        "probability",
                        "weight",
                        "split")
                    .collectAsList(),
                PairTokensTable.TABLE.schema()),
        context.run().at("tokens/pairs"));
    List<Row> swapped = logprobs(context, model.uri(), "train");

    assertThat(counts()).containsExactly(4L, 4L);
    assertThat(swapped.get(0).getDouble(1)).isEqualTo(first.get(0).getDouble(2));
  }

  @Test
  void anotherModelOrPrecisionIsAskedItself() {
    logprobs(run(4), model.uri(), "train");
    logprobs(run(4), TinyModel.write(folder.resolve("other"), 5).uri(), "train");
    logprobs(run(4, "model.compute=bfloat16"), model.uri(), "train");
    assertThat(counts()).containsExactly(4L, 4L, 4L);
  }

  @Test
  void aCheckpointIsTheSameModelWhereverItLies() throws IOException {
    StageContext context =
        run(4, "dpo.batch-size=4", "dpo.micro-batch-size=4", "dpo.learning-rate=0.01");
    String trained = new PreferStage(context, model.uri()).execute().checkpoint();
    Path copy = folder.resolve("copy");
    FileUtils.copyDirectory(Path.of(URI.create(trained).getPath()).toFile(), copy.toFile());
    Files.delete(copy.resolve("plumbline/manifest.json"));
    logprobs(context, trained, "train");
    logprobs(context, copy.toUri().toString(), "train");
    assertThat(counts()).containsExactly(4L, 4L, 0L);
  }

  @Test
  void aTableThatWasNotFinishedIsMadeAnew() {
    StageContext context = run(4);
    List<Row> first = logprobs(context, model.uri(), "train");
    RunFolder run = context.run();
    String table = said.get(0).replaceAll(".*are in ([^,]*),.*", "$1");
    run.delete(table + "/_SUCCESS");
    assertThat(logprobs(context, model.uri(), "train")).isEqualTo(first);
    assertThat(counts()).containsExactly(4L, 4L);
  }
}

package org.plumbline.prefer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PairTokensTable;
import org.plumbline.table.UnpairedTokensTable;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;
import org.plumbline.train.TokenPair;

class JudgedResponsesTest {
  @TempDir Path folder;

  private List<JudgedResponse> responses(Dataset<Row> rows, StageContext context, boolean kto) {
    ReferenceLogprobs reference =
        new ReferenceLogprobs(
            context,
            TinyModel.write(folder.resolve("model"), 4).uri(),
            new ReferencedRows.Responses());
    return new JudgedResponses(reference, kto, 7)
        .of(rows).sort(SingleResponses.KEY).collectAsList().stream()
            .map(JudgedResponse::of)
            .toList();
  }

  private static Dataset<Row> unpaired(StageContext context) {
    return UnpairedTokensTable.TABLE
        .read(context.spark(), context.run().at("tokens/unpaired"))
        .withColumn("probability", functions.lit(0.75))
        .where("split = 'train'");
  }

  private static Dataset<Row> pairs(StageContext context) {
    return PairTokensTable.TABLE
        .read(context.spark(), context.run().at("tokens/pairs"))
        .withColumn("probability", functions.lit(0.75))
        .where("split = 'train'");
  }

  @Test
  void aPairIsADesirableAndAnUndesirableResponse() {
    StageContext context = TinyRun.in(folder.resolve("run")).pairs(4).context();
    List<JudgedResponse> responses =
        responses(SingleResponses.ofPairs(pairs(context)), context, true);

    List<TokenPair> pairs =
        pairs(context).sort("pair_id").collectAsList().stream().map(TokenPair::of).toList();
    assertThat(responses).hasSize(8);
    for (int i = 0; i < 4; i++) {
      JudgedResponse chosen = responses.get(2 * i);
      JudgedResponse rejected = responses.get(2 * i + 1);
      assertThat(chosen.desirable()).isTrue();
      assertThat(chosen.response()).isEqualTo(pairs.get(i).chosen());
      assertThat(chosen.probability()).isEqualTo(0.75);
      assertThat(rejected.desirable()).isFalse();
      assertThat(rejected.response()).isEqualTo(pairs.get(i).rejected());
      assertThat(rejected.probability()).isEqualTo(0.25);
    }
    List<JudgedResponse> mismatched =
        responses.stream().filter(each -> each.mismatched().length > 0).toList();
    assertThat(mismatched).hasSizeGreaterThan(4); // but where a pair's own follow one another
    for (JudgedResponse each : mismatched) {
      assertThat(pairs)
          .anyMatch(
              other ->
                  !Arrays.equals(other.prompt(), each.prompt())
                      && (Arrays.equals(other.chosen(), each.mismatched())
                          || Arrays.equals(other.rejected(), each.mismatched())));
      assertThat(each.mismatchedReference()).isNegative();
      assertThat(each.reference())
          .isNegative()
          .isNotCloseTo(each.mismatchedReference(), within(1e-9));
    }
  }

  @Test
  void aVerdictSaysHowProbablyAResponseIsDesirable() {
    StageContext context = TinyRun.in(folder.resolve("run")).unpaired(6).context();
    List<JudgedResponse> responses =
        responses(SingleResponses.judged(unpaired(context)), context, false);

    assertThat(responses).extracting(JudgedResponse::desirable).contains(true, false);
    assertThat(responses)
        .hasSize(6)
        .allSatisfy(
            each -> assertThat(each.probability()).isEqualTo(each.desirable() ? 0.75 : 0.25));
  }

  @Test
  void ofAResponseThatIsAlsoInAPairTheVerdictCounts() {
    StageContext context = TinyRun.in(folder.resolve("run")).pairs(4).unpaired(6).context();
    Dataset<Row> pairs = pairs(context);
    Dataset<Row> verdicts =
        unpaired(context)
            .unionByName(
                pairs
                    .where("pair_id = 'p0'")
                    .selectExpr(
                        "'of a pair' as unpaired_id",
                        "prompt_id",
                        "prompt_ids",
                        "chosen_ids as response_ids",
                        "false as acceptable",
                        "probability",
                        "weight",
                        "split"));
    List<String> keys =
        SingleResponses.all(verdicts, pairs)
            .select(SingleResponses.KEY)
            .sort("response_row")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();

    assertThat(keys)
        .containsExactly(
            "of a pair",
            "p0-",
            "p1+",
            "p1-",
            "p2+",
            "p2-",
            "p3+",
            "p3-",
            "u0",
            "u1",
            "u2",
            "u3",
            "u4",
            "u5");
  }

  @Test
  void withOnePromptThereIsNothingToMismatch() {
    StageContext context = TinyRun.in(folder.resolve("run")).pairs(4).context();
    Dataset<Row> same = pairs(context).withColumn("prompt_id", functions.lit("same"));
    assertThat(responses(SingleResponses.ofPairs(same), context, true))
        .hasSize(8)
        .allMatch(each -> each.mismatched().length == 0 && each.mismatchedReference() == 0);
    assertThat(responses(SingleResponses.ofPairs(pairs(context)), context, false))
        .hasSize(8)
        .allMatch(each -> each.mismatched().length == 0);
  }
}

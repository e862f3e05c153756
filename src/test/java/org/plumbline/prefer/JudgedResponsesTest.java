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
import org.plumbline.direct.PairSums;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PairTokensTable;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;
import org.plumbline.train.TokenPair;

class JudgedResponsesTest {
  @TempDir Path folder;

  private List<JudgedResponse> responses(Dataset<Row> pairs, StageContext context, boolean kto) {
    ReferenceLogprobs reference =
        new ReferenceLogprobs(
            context, TinyModel.write(folder.resolve("model"), 4).uri(), PairSums.PLAIN);
    return new JudgedResponses(reference, kto, 7)
        .of(pairs).sort(JudgedResponses.KEY).collectAsList().stream()
            .map(JudgedResponse::of)
            .toList();
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
    List<JudgedResponse> responses = responses(pairs(context), context, true);

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
      assertThat(pairs).anyMatch(other -> Arrays.equals(other.chosen(), chosen.mismatched()));
      assertThat(chosen.mismatched()).isNotEqualTo(chosen.response());
      assertThat(chosen.mismatchedReference()).isNegative();
      assertThat(chosen.reference())
          .isNegative()
          .isNotCloseTo(chosen.mismatchedReference(), within(1e-9));
    }
  }

  @Test
  void withOnePromptThereIsNothingToMismatch() {
    StageContext context = TinyRun.in(folder.resolve("run")).pairs(4).context();
    Dataset<Row> same = pairs(context).withColumn("prompt_id", functions.lit("same"));
    assertThat(responses(same, context, true))
        .hasSize(8)
        .allMatch(each -> each.mismatched().length == 0 && each.mismatchedReference() == 0);
    assertThat(responses(pairs(context), context, false))
        .hasSize(8)
        .allMatch(each -> each.mismatched().length == 0);
  }
}

package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.CurateSettings;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.stage.StageContext;
import org.plumbline.table.AnnotatorsTable;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.PairsTable;
import org.plumbline.table.VotesTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.SharedData;
import org.plumbline.testing.Stages;

class TestCurateStage {

  @TempDir Path folder;

  private StageContext fed(List<String> lines, CurateSettings settings) throws Exception {
    Path input = folder.resolve("feedback.jsonl");
    Files.write(input, lines.stream().map(line -> line.replace('\'', '"')).toList());
    StageContext context = Stages.reading(folder.resolve("run"), input).with(settings).context();
    new FeedbackStage(context).execute();
    return context;
  }

  private static Dataset<Row> pairs(StageContext context) {
    return PairsTable.TABLE.read(LocalSpark.session(), context.run().at("pairs"));
  }

  private static String choice(String prompt, int choice, String rest) {
    return "{'prompt':'%s','kind':'choice','responses':[{'text':'short'},{'text':'much longer'}],"
            .formatted(prompt)
        + "'choice':%d%s}".formatted(choice, rest);
  }

  @Test
  void everyKindOfJudgmentBecomesPairs() throws Exception {
    String one = "{'prompt':'%s','responses':[{'text':'%s'}],'annotator':'ann',%s}";
    StageContext context =
        fed(
            List.of(
                choice("once", 1, ""),
                choice("agreed", 0, ",'shown':[0,1]"),
                choice("agreed", 0, ",'shown':[1,0],'split':'heldout'"),
                choice("opposed", 0, ""),
                choice("opposed", 1, ""),
                choice("tied", 0, ",'strength':0.1"),
                "{'prompt':'ranked','kind':'ranking','ranking':[1,1,2],"
                    + "'responses':[{'text':'x'},{'text':'y'},{'text':'z'}]}",
                one.formatted("rated", "good", "'kind':'rating','rating':5"),
                one.formatted("rated", "bad", "'kind':'rating','rating':1"),
                one.formatted("lonely", "good", "'kind':'rating','rating':3"),
                one.formatted("judged", "fine", "'kind':'binary','acceptable':true"),
                one.formatted("judged", "vile", "'kind':'binary','acceptable':false"),
                one.formatted("revised", "raw", "'kind':'critique','critique':'c','revision':'v'"),
                one.formatted("revised", "raw2", "'kind':'critique','critique':'c'")),
            // A very strong prior: accuracies stay where they are and can be reckoned with.
            Stages.curating("annotator-prior=1e12", "iterations=3", "min-probability=0.6"));

    CurateStage.Result result = new CurateStage(context).execute();

    assertThat(result.pairs()).isEqualTo(7);
    assertThat(result.dropsByReason())
        .isEqualTo(Map.of("tie", 2L, "less sure than min-probability", 1L));
    assertThat(result.judgmentsByKind())
        .isEqualTo(Map.of("choice", 6L, "ranking", 1L, "rating", 3L, "binary", 2L, "critique", 2L));
    assertThat(result.unusedByKind()).isEqualTo(Map.of("critique", 1L));
    assertThat(result.doublyJudged()).isEqualTo(2);
    assertThat(result.disagreement()).isEqualTo(0.5);
    assertThat(result.firstPreferred()).isEqualTo(0.5);
    assertThat(result.annotators()).isEqualTo(1);
    assertThat(result.heldOutPairs()).isGreaterThanOrEqualTo(1);

    Map<String, Double> probability = new TreeMap<>();
    for (Row pair :
        pairs(context)
            .selectExpr("prompt[0].content", "chosen", "rejected", "probability")
            .collectAsList()) {
      probability.put(
          pair.getString(0) + " " + pair.getString(1) + ">" + pair.getString(2), pair.getDouble(3));
    }
    double twice = 0.85 * 0.85 / (0.85 * 0.85 + 0.15 * 0.15);
    assertThat(probability.get("once much longer>short")).isCloseTo(0.85, within(1e-9));
    assertThat(probability.get("agreed short>much longer")).isCloseTo(twice, within(1e-9));
    assertThat(probability.get("judged fine>vile")).isCloseTo(0.85, within(1e-9));
    assertThat(probability.get("revised v>raw")).isCloseTo(0.85, within(1e-9));
    assertThat(probability.get("ranked x>z")).isCloseTo(0.85, within(1e-9));
    assertThat(probability.get("ranked y>z")).isCloseTo(0.85, within(1e-9));
    assertThat(probability.get("rated good>bad")).isBetween(0.7, 0.85);
    Row agreed = pairs(context).where("prompt[0].content = 'agreed'").head();
    assertThat(agreed.<String>getAs("split")).isEqualTo("heldout");
    assertThat(agreed.<Integer>getAs("judgments")).isEqualTo(2);
    assertThat(pairs(context).where("margin is not null").count()).isEqualTo(1);
    Row ann =
        AnnotatorsTable.TABLE.read(LocalSpark.session(), context.run().at("annotators")).head();
    assertThat(ann.<Long>getAs("judgments")).isEqualTo(7);
    assertThat(ann.<Double>getAs("mean_rating")).isCloseTo(0.5, within(1e-9));
    assertThat(ann.<Double>getAs("reliability")).isCloseTo(0.85, within(1e-9));
  }

  @Test
  void everyPromptCountsTheSameWhereAsked() throws Exception {
    StageContext context =
        fed(
            List.of(
                choice("one pair", 1, ""),
                "{'prompt':'three pairs','kind':'ranking','ranking':[1,2,3],"
                    + "'responses':[{'text':'x'},{'text':'y'},{'text':'z'}]}",
                "{'prompt':'two pairs','kind':'ranking','ranking':[1,1,2],"
                    + "'responses':[{'text':'x'},{'text':'y'},{'text':'z'}]}"),
            Stages.curating("weights=by-prompt"));

    new CurateStage(context).execute();

    Map<String, Double> weight = new TreeMap<>();
    for (Row pair :
        pairs(context).selectExpr("prompt[0].content", "weight").distinct().collectAsList()) {
      weight.put(pair.getString(0), pair.getDouble(1));
    }
    assertThat(weight)
        .isEqualTo(Map.of("one pair", 1.0, "two pairs", 1.0 / 2, "three pairs", 1.0 / 3));
  }

  @Test
  void aPairLeadsToTheLinesOfItsJudgments() throws Exception {
    StageContext context =
        fed(
            List.of(
                choice("other", 1, ",'annotator':'ann'"),
                choice("asked", 1, ",'annotator':'ann'"),
                choice("asked", 0, ",'annotator':'bob'"),
                choice("asked", 1, ",'annotator':'cid'")),
            Stages.curating());
    new CurateStage(context).execute();
    Dataset<Row> votes = VotesTable.TABLE.read(LocalSpark.session(), context.run().at("votes"));
    Dataset<Row> feedback =
        FeedbackTable.TABLE.read(LocalSpark.session(), context.run().at("feedback/judgments"));

    List<Row> lines =
        pairs(context)
            .where("prompt[0].content = 'asked'")
            .join(votes.selectExpr("pair_id", "explode(judgments) as judgment_id"), "pair_id")
            .join(feedback.select("judgment_id", "file", "line"), "judgment_id")
            .select("file", "line")
            .collectAsList();

    assertThat(lines).extracting(row -> row.getLong(1)).containsExactlyInAnyOrder(2L, 3L, 4L);
    assertThat(lines).allMatch(row -> row.getString(0).endsWith("feedback.jsonl"));
  }

  @Test
  void whoRatesAndRanksIsOneJudge() throws Exception {
    String one =
        "{'prompt':'%s','responses':[{'text':'%s'}],'annotator':'ann','kind':'rating','rating':%d}";
    String ranking =
        "{'prompt':'%s','kind':'ranking','ranking':[1,2],'annotator':'%s',"
            + "'responses':[{'text':'good'},{'text':'bad'}]}";
    StageContext context =
        fed(
            List.of(
                one.formatted("alone", "good", 5),
                one.formatted("alone", "bad", 1),
                ranking.formatted("alone", "ann"),
                ranking.formatted("together", "ann"),
                ranking.formatted("together", "bob")),
            Stages.curating());

    CurateStage.Result result = new CurateStage(context).execute();

    assertThat(result.pairs()).isEqualTo(2);
    assertThat(result.doublyJudged()).isEqualTo(1);
    assertThat(result.disagreement()).isZero();
  }

  @Test
  void showsWhoGoesByLengthOrByOrder() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String shown = i % 2 == 0 ? "[0,1]" : "[1,0]";
      lines.add(choice("p" + i, 1, ",'annotator':'long','shown':" + shown));
      lines.add(choice("p" + i, i % 2, ",'annotator':'first','shown':" + shown));
    }
    StageContext context = fed(lines, Stages.curating());

    CurateStage.Result result = new CurateStage(context).execute();

    assertThat(result.longerPreferred()).isEqualTo(0.75);
    assertThat(result.firstPreferred()).isEqualTo(0.75);
    assertThat(result.disagreement()).isEqualTo(0.5);
    List<Row> annotators =
        AnnotatorsTable.TABLE
            .read(LocalSpark.session(), context.run().at("annotators"))
            .select("annotator", "longer_preferred", "first_preferred", "agreement")
            .orderBy("annotator")
            .collectAsList();
    assertThat(annotators)
        .extracting(row -> row.mkString(" "))
        .containsExactly("first 0.5 1.0 0.5", "long 1.0 0.5 0.5");
  }

  @Test
  void harmlessBaseGetsThePriorsProbability() throws Exception {
    Path input = SharedData.path("data/hh-rlhf/harmless-base-test.jsonl.gz");
    StageContext context =
        Stages.reading(folder.resolve("run"), input).with(Stages.unchecked()).context();
    new FeedbackStage(context).execute();

    CurateStage.Result result = new CurateStage(context).execute();

    assertThat(result.pairs() + result.dropsByReason().get("empty response")).isEqualTo(2312);
    assertThat(result.dropsByReason()).isEqualTo(Map.of("empty response", 4L));
    assertThat(result.trainPairs() + result.heldOutPairs()).isEqualTo(result.pairs());
    assertThat((double) result.heldOutPairs() / result.pairs()).isCloseTo(0.1, within(0.03));
    assertThat(result.meanProbability()).isCloseTo(0.85, within(1e-9));
    assertThat(result.longerPreferred()).isCloseTo(0.446, within(0.001));
    assertThat(result.firstPreferred()).isNull();
    assertThat(result.disagreement()).isNull();
  }

  /** What each mitigation does is told beside what was found, and none is left out. */
  @Test
  void mitigationsAreToldOneByOneAndTogether() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String shown = i % 4 == 0 ? "[1,0]" : "[0,1]";
      for (String who : List.of("ann','group':'a", "bob','group':'a", "cy','group':'b")) {
        int choice = who.startsWith("ann") ? (i % 4 == 0 ? 1 : 0) : i % 3 == 0 ? 0 : 1;
        lines.add(choice("p" + i, choice, ",'annotator':'" + who + "','shown':" + shown));
      }
    }
    StageContext context =
        fed(
            lines,
            Stages.curating(
                "bias.position=annotator", "bias.length-controlled=true", "bias.groups=pair"));

    new CurateStage(context).execute();

    JsonNode quality = context.run().readJson("curate/quality.json");
    assertThat(quality.get("mitigations").fieldNames())
        .toIterable()
        .containsExactly("position annotator", "length-controlled", "groups pair", "all");
    assertThat(quality.at("/mitigations/all")).isNotEqualTo(quality.at("/mitigations/groups pair"));
    assertThat(quality.get("biases"))
        .extracting(each -> each.get("bias").asText())
        .contains("position", "length", "group");
    assertThat(quality.at("/agreement/raw").asDouble()).isBetween(0.1, 0.9);
    assertThat(quality.at("/agreement/cohenPairs").asInt()).isEqualTo(3);
    assertThat(quality.get("contradictions")).isNotEmpty();
  }
}

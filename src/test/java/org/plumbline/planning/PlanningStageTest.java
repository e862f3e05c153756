package org.plumbline.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.FeedbackSettings;
import org.plumbline.curate.CurateStage;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.stage.StageContext;
import org.plumbline.table.AssignmentsTable;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.PairsTable;
import org.plumbline.table.ScoresTable;
import org.plumbline.table.VotesTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.Stages;

/** From judgments to the next batch, and back again. */
class PlanningStageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PEOPLE = List.of("ann", "bob", "cy", "dee");

  @TempDir static Path folder;

  /** All tests plan for the same judgments; what one plans takes the place of another's plan. */
  @BeforeAll
  static void curate() throws Exception {
    Files.write(
        folder.resolve("feedback.jsonl"),
        lines().stream().map(line -> line.replace('\'', '"')).toList());
    StageContext context = planning();
    new FeedbackStage(context).execute();
    new CurateStage(context).execute();
  }

  private static StageContext planning(String... plan) {
    return Stages.reading(folder.resolve("run"), folder.resolve("feedback.jsonl"))
        .with(Stages.planning(plan))
        .context();
  }

  /** Twelve prompts; people agree on the even ones and are of two minds about the odd ones. */
  private static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 2; j++) {
        lines.add(
            choice(
                i,
                i % 2 == 0 ? 0 : j,
                "'annotator':'%s','group':'%s','split':'heldout'",
                (i + j) % 4));
      }
    }
    lines.add(choice(100, 0, "'gold':true", 0));
    lines.add(choice(101, 1, "'gold':true", 0));
    return lines;
  }

  private static String choice(int prompt, int choice, String more, int person) {
    String who = more.formatted(PEOPLE.get(person), person < 2 ? "expert" : "crowd");
    return "{'prompt':'p%d','kind':'choice','responses':[{'text':'x%d'},{'text':'y','model':'m'}],"
            .formatted(prompt, prompt)
        + "'choice':%d,%s}".formatted(choice, who);
  }

  private static Dataset<Row> assignments(StageContext context) {
    return AssignmentsTable.TABLE.read(LocalSpark.session(), context.run().at("plan/assignments"));
  }

  @Test
  void asksAboutWhatIsLeastSureAndMixesInWhatIsKnown() throws Exception {
    StageContext context = planning("judgments=10", "gold-share=0.2", "max-per-pair=2");

    PlanningStage.Result result = new PlanningStage(context).execute();

    assertThat(result.tasks()).isEqualTo(10);
    assertThat(result.goldTasks()).isEqualTo(2);
    assertThat(result.judgmentsForCertainty()).isPositive();
    assertThat(result.annotators().values()).allMatch(tasks -> tasks >= 2 && tasks <= 3);
    Dataset<Row> tasks = assignments(context);
    // The odd prompts were ties, which are no pairs, and are the first to be asked about.
    assertThat(tasks.where("not gold").where("probability > 0.5").count()).isZero();
    assertThat(tasks.select("task_id").distinct().count()).isEqualTo(10);
    Dataset<Row> votes =
        VotesTable.TABLE.read(LocalSpark.session(), context.run().at("votes")).where("not gold");
    assertThat(
            tasks
                .join(votes.select("pair_id", "annotator"), "pair_id")
                .where(tasks.col("annotator").equalTo(votes.col("annotator")))
                .count())
        .as("nobody is asked what they have answered")
        .isZero();
  }

  @Test
  void answersComeBackAsJudgmentsOfTheSamePairs() throws Exception {
    StageContext context = planning("judgments=6", "gold-share=0");
    new PlanningStage(context).execute();
    List<String> answered = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("run/plan/batch.jsonl"))) {
      ObjectNode row = (ObjectNode) JSON.readTree(line);
      assertThat(row.get("choice").isNull()).isTrue();
      answered.add(row.put("choice", 0).toString());
    }
    assertThat(answered).hasSize(6);
    Path input = folder.resolve("answers.jsonl");
    Files.write(input, answered);
    StageContext next = Stages.reading(folder.resolve("next"), input).context();

    FeedbackStage.Result read = new FeedbackStage(next).execute();

    assertThat(read.feedback()).isEqualTo(6);
    assertThat(read.rejects()).isZero();
    Dataset<Row> before =
        FeedbackTable.TABLE.read(LocalSpark.session(), context.run().at("feedback/judgments"));
    Dataset<Row> after =
        FeedbackTable.TABLE.read(LocalSpark.session(), next.run().at("feedback/judgments"));
    assertThat(after.select("prompt_id").distinct().except(before.select("prompt_id")).count())
        .isZero();
    new CurateStage(next).execute();
    assertThat(
            PairsTable.TABLE
                .read(LocalSpark.session(), next.run().at("pairs"))
                .select("pair_id")
                .except(assignments(context).select("pair_id"))
                .count())
        .isZero();
  }

  @Test
  void labelStudioShowsBothResponsesInTheOrderOfTheTask() throws Exception {
    StageContext context = planning("judgments=6", "gold-share=0");
    new PlanningStage(context).execute();
    JsonNode tasks = JSON.readTree(folder.resolve("run/plan/label-studio.json").toFile());
    List<String> lines = Files.readAllLines(folder.resolve("run/plan/batch.jsonl"));
    assertThat(tasks).hasSize(6);
    for (int i = 0; i < 6; i++) {
      JsonNode data = tasks.get(i).get("data");
      JsonNode line = JSON.readTree(lines.get(i));
      assertThat(data.get("response1")).isEqualTo(line.at("/responses/0/text"));
      assertThat(data.get("response2")).isEqualTo(line.at("/responses/1/text"));
      assertThat(data.get("prompt")).isEqualTo(line.get("prompt"));
    }
    assertThat(Files.readString(folder.resolve("run/plan/label-studio.xml")))
        .contains("$response1", "$response2", "Pairwise");
  }

  /** A batch goes out to Label Studio, and its export is added to what was known. */
  @Test
  void whatLabelStudioExportsIsAddedToThePairsThatWereAskedAbout() throws Exception {
    StageContext asking = planning("judgments=6", "gold-share=0", "max-per-pair=1");
    new PlanningStage(asking).execute();
    ArrayNode tasks =
        (ArrayNode) JSON.readTree(folder.resolve("run/plan/label-studio.json").toFile());
    for (JsonNode task : tasks) {
      ObjectNode annotation = ((ObjectNode) task).putArray("annotations").addObject();
      annotation.put("was_cancelled", false).put("lead_time", 12.5);
      annotation.putObject("completed_by").put("email", "eve@example.org");
      ObjectNode result = annotation.putArray("result").addObject().put("type", "pairwise");
      result.putObject("value").put("selected", "right");
    }
    Path export = folder.resolve("export.json");
    JSON.writeValue(export.toFile(), tasks);
    Path circle = folder.resolve("circle");
    new FeedbackStage(Stages.reading(circle, folder.resolve("feedback.jsonl")).context()).execute();
    StageContext adding =
        Stages.reading(circle, export)
            .with(new FeedbackSettings(export.toString(), "auto", "auto", true, "", "", 0.1))
            .context();

    FeedbackStage.Result added = new FeedbackStage(adding).execute();
    new CurateStage(adding).execute();

    assertThat(added.feedback()).isEqualTo(6);
    assertThat(added.rejects()).isZero();
    Dataset<Row> votes = VotesTable.TABLE.read(LocalSpark.session(), adding.run().at("votes"));
    Dataset<Row> eve = votes.where("annotator = 'eve@example.org'");
    Dataset<Row> asked = assignments(asking).select("pair_id", "first_id");
    assertThat(eve.count()).isEqualTo(6);
    assertThat(
            eve.where(
                    "split = 'heldout' and left_first is not null and annotator_group is not null")
                .count())
        .isEqualTo(6);
    assertThat(eve.join(asked, "pair_id").where("(preference < 0) = (first_id = left_id)").count())
        .as("votes for the second response of the task")
        .isEqualTo(6);
    assertThat(votes.where("annotator != 'eve@example.org'").join(eve, "pair_id").count())
        .isGreaterThanOrEqualTo(6);
  }

  @Test
  void asksWhereRewardModelsDisagreeMost() throws Exception {
    List<String> pairs =
        PairsTable.TABLE
            .read(LocalSpark.session(), planning().run().at("pairs"))
            .select("pair_id")
            .orderBy("pair_id")
            .as(Encoders.STRING())
            .collectAsList();
    String apart = pairs.get(2);
    String one = scores("one", pairs, pair -> 2);
    String two = scores("two", pairs, pair -> pair.equals(apart) ? -2 : 1);
    StageContext context =
        planning("rank=disagreement", "scores=" + one + "," + two, "judgments=1", "gold-share=0");

    new PlanningStage(context).execute();

    Row asked = assignments(context).select("pair_id", "priority").head();
    assertThat(asked.getString(0)).isEqualTo(apart);
    double half = (sigmoid(2) - sigmoid(-2)) / 2;
    assertThat(asked.getDouble(1)).isCloseTo(half * half, within(1e-12));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** A reward model's scores, by how far it takes the chosen response to be better. */
  private static String scores(String name, List<String> pairs, ToDoubleFunction<String> margin) {
    String path = folder.resolve(name).toUri().toString();
    List<Row> rows =
        pairs.stream()
            .map(pair -> RowFactory.create(pair, margin.applyAsDouble(pair), 0.0, 0.0, 0.0))
            .toList();
    ScoresTable.TABLE.write(
        LocalSpark.session().createDataFrame(rows, ScoresTable.TABLE.schema()), path);
    return path;
  }

  @Test
  void refusesDisagreementOfOneModel() throws Exception {
    StageContext context = planning("rank=disagreement", "scores=somewhere");
    assertThatThrownBy(() -> new PlanningStage(context).execute())
        .hasMessageStartingWith("Invalid plan.scores: somewhere (must be two or more");
  }

  @Test
  void asksNobodyWhoCannotBeBelieved() throws Exception {
    StageContext context = planning("min-reliability=0.999");
    assertThatThrownBy(() -> new PlanningStage(context).execute())
        .hasMessageStartingWith("Cannot plan: no annotator is reliable enough");
  }
}

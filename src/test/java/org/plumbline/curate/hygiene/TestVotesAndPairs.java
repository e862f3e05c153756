package org.plumbline.curate.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.HygieneSettings;
import org.plumbline.config.SettingsReader;
import org.plumbline.testing.LocalSpark;

class TestVotesAndPairs {
  private static final StructType VOTE =
      new StructType()
          .add("pair_id", DataTypes.StringType)
          .add("prompt_id", DataTypes.StringType)
          .add("left_id", DataTypes.StringType)
          .add("right_id", DataTypes.StringType)
          .add("judgments", DataTypes.createArrayType(DataTypes.StringType))
          .add("annotator", DataTypes.StringType)
          .add("preference", DataTypes.DoubleType)
          .add("gold", DataTypes.BooleanType);

  @TempDir Path folder;
  private final List<Row> votes = new ArrayList<>();

  private void vote(String prompt, String pair, String annotator, double preference) {
    String judgment = "j" + votes.size();
    votes.add(
        RowFactory.create(
            prompt + pair,
            prompt,
            pair.substring(0, 1),
            pair.substring(1),
            new String[] {judgment},
            annotator,
            preference,
            annotator.equals("gold")));
  }

  private Findings inspect(String... sets) {
    return hygiene(settings(sets))
        .votes(LocalSpark.session().createDataFrame(votes, VOTE), prompts());
  }

  private Hygiene hygiene(HygieneSettings settings) {
    return new Hygiene(LocalSpark.session(), settings, folder.toUri().toString());
  }

  private static HygieneSettings settings(String... sets) {
    return SettingsReader.read(
            List.of(), List.of(sets).stream().map(set -> "curate.hygiene." + set).toList())
        .curate()
        .hygiene();
  }

  /** Every prompt with the same texts, by their letter, and its pairs. */
  private Dataset<Row> prompts() {
    List<Row> texts =
        List.of(
            RowFactory.create("a", "one two three four five six seven eight nine ten"),
            RowFactory.create("b", "One, two: three four five six seven eight nine, ten!"),
            RowFactory.create("c", "something else"),
            RowFactory.create("d", ""));
    List<Row> rows =
        votes.stream()
            .map(vote -> RowFactory.create(vote.get(1), texts, List.of(item(vote))))
            .distinct()
            .toList();
    return LocalSpark.session()
        .createDataFrame(
            rows,
            StructType.fromDDL(
                "prompt_id string, texts array<struct<id: string, text: string>>,"
                    + " items array<struct<pair_id: string, left_id: string, right_id: string>>"));
  }

  private static Row item(Row vote) {
    return RowFactory.create(vote.get(0), vote.get(2), vote.get(3));
  }

  private static List<String> details(Findings findings) {
    return findings
        .rows()
        .selectExpr("concat_ws(' ', kind, action, pair_id, detail)")
        .as(org.apache.spark.sql.Encoders.STRING())
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }

  @Test
  void majoritiesThatGoRoundAreNamedWithTheirJudgments() {
    vote("p", "ab", "ann", 1);
    vote("p", "ab", "bob", 1);
    vote("p", "ab", "cy", -0.5);
    vote("p", "bc", "ann", 1);
    vote("p", "ac", "bob", -1);
    vote("p", "ad", "bob", -1);
    vote("q", "ab", "ann", 1);
    vote("q", "bc", "ann", 1);
    vote("q", "ac", "ann", 1);
    vote("q", "ac", "gold", -1);
    vote("q", "ac", "gold", -1);
    Findings findings = inspect("cycles=drop", "samples=1", "near-responses=off");

    assertThat(details(findings))
        .containsExactly(
            "cycles drop pab a > b > c > a, judged by j0",
            "cycles drop pac a > b > c > a, judged by j4",
            "cycles drop pbc a > b > c > a, judged by j3");
    assertThat(findings.kept().count()).isEqualTo(6);
  }

  @Test
  void votesOnNearlyEqualResponsesAreDropped() {
    vote("p", "ab", "ann", 1);
    vote("p", "ac", "ann", 1);
    vote("p", "cd", "bob", 1);
    Findings findings = inspect("near-responses=drop");

    assertThat(details(findings)).containsExactly("near-responses drop pab similarity 1.00");
    assertThat(findings.kept().count()).isEqualTo(2);
  }

  @Test
  void whoContradictsThemselvesLosesThoseVotesOnly() {
    vote("p", "ab", "ann", 1);
    vote("p", "ab", "ann", -1);
    vote("p", "ab", "bob", 1);
    vote("p", "ab", "bob", 0);
    vote("p", "ac", "ann", 1);
    Findings findings = inspect("self-contradictions=drop", "near-responses=off");

    assertThat(details(findings)).containsExactly("self-contradictions drop pab both ways by ann");
    assertThat(findings.kept().count()).isEqualTo(3);
  }

  @Test
  void pairsThatTeachNothingAreDropped() {
    StructType type =
        new StructType()
            .add("pair_id", DataTypes.StringType)
            .add("prompt_id", DataTypes.StringType)
            .add("chosen", DataTypes.StringType)
            .add("rejected", DataTypes.StringType);
    Dataset<Row> pairs =
        LocalSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create("1", "p", "good", " \n"),
                    RowFactory.create("2", "p", "same", " same "),
                    RowFactory.create("3", "p", "one two three four", "one  two three five"),
                    RowFactory.create("4", "p", "one two", "one two three"),
                    RowFactory.create("5", "p", "one", "two")),
                type);
    Findings findings = hygiene(settings("beginning-words=3")).pairs(pairs);

    assertThat(details(findings))
        .containsExactly(
            "empty-responses drop 1 a pair",
            "identical-beginnings report 3 a pair",
            "identical-responses drop 2 a pair");
    assertThat(findings.kept().count()).isEqualTo(3);
  }
}

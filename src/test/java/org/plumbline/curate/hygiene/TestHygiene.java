package org.plumbline.curate.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.HygieneSettings;
import org.plumbline.table.PromptId;
import org.plumbline.table.PromptsTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.Stages;

/** What is planted is found, and nothing else. */
class TestHygiene {
  private static final String LONG =
      "how do I mend a bicycle wheel that was bent when it hit a kerb near the old railway station"
          + " in the rain last";

  @TempDir Path folder;

  /** With the defaults, but for lengths: what tests write is short. */
  private static HygieneSettings everything() {
    return Stages.curating("hygiene.length-outliers=off").hygiene();
  }

  private Findings inspect(JudgmentRows rows, HygieneSettings settings) {
    return hygiene(settings, "looked").judgments(rows.dataset(), heldOut());
  }

  private Hygiene hygiene(HygieneSettings settings, String name) {
    return new Hygiene(LocalSpark.session(), settings, folder.resolve(name).toUri().toString());
  }

  /** Rows of the prompts table that hold {@code prompts} out. */
  private static Dataset<Row> heldOut(String... prompts) {
    List<Row> rows =
        Stream.of(prompts)
            .map(
                prompt ->
                    RowFactory.create(
                        JudgmentRows.promptId(prompt),
                        List.of(PromptId.message("user", prompt)),
                        Map.of(),
                        "heldout"))
            .toList();
    return LocalSpark.session().createDataFrame(rows, PromptsTable.TABLE.schema());
  }

  /** Looks for what {@code sets} switch on and nothing else, which is quicker. */
  private Findings inspect(JudgmentRows rows, String... sets) {
    return inspect(rows, only(sets));
  }

  private static HygieneSettings only(String... sets) {
    String[] all = Stream.of(sets).map(set -> "hygiene." + set).toArray(String[]::new);
    return Stages.unchecked(all).hygiene();
  }

  private static List<String> found(Findings findings, String... columns) {
    return findings.rows().collectAsList().stream()
        .map(
            row ->
                Stream.of(columns)
                    .map(column -> String.valueOf(row.<Object>getAs(column)))
                    .collect(Collectors.joining(" ")))
        .sorted()
        .toList();
  }

  private static List<String> kept(Findings findings) {
    return findings
        .kept()
        .select("judgment_id")
        .as(org.apache.spark.sql.Encoders.STRING())
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }

  private static JudgmentRows clean() {
    String[] topics = {"bread", "trains", "whales", "glass", "maps", "violins"};
    JudgmentRows rows = new JudgmentRows();
    for (String topic : topics) {
      rows.add(
          "Tell me something about " + topic,
          "It is good to know that %s are older than one thinks, by far".formatted(topic),
          "I would rather not talk of %s today, since it bores me".formatted(topic));
    }
    return rows;
  }

  @Test
  void nothingIsFoundInCleanJudgments() {
    Findings findings = inspect(clean(), everything());

    assertThat(found(findings, "kind", "detail")).isEmpty();
    assertThat(kept(findings)).hasSize(6);
    assertThat(findings.kept().columns()).isEqualTo(clean().dataset().columns());
  }

  @Test
  void duplicatesAreDroppedAndOnlyThose() {
    Map<String, Object> ann = Map.of("annotator", "ann");
    JudgmentRows rows =
        clean()
            .add("Why?", "because of this", "no idea at all", ann)
            .add(
                "Why?",
                "because of this",
                "no idea at all",
                Map.of("annotator", "ann", "file", "two.jsonl"))
            .add("Why?", "because of this", "no idea at all", Map.of("annotator", "bob"))
            .add(
                "Why?",
                "because of this",
                "no idea at all",
                Map.of("annotator", "ann", "ranking", new Integer[] {2, 1}))
            .add(
                "Why?",
                "because of this",
                "no idea at all",
                Map.of("annotator", "ann", "shown", new Integer[] {1, 0}))
            .add("Who?", "nobody knows that", "some man it was", Map.of())
            .add("Who?", "nobody knows that", "some man it was", Map.of());
    Findings findings = inspect(rows, "duplicates=drop", "anonymous-duplicates=report");

    assertThat(found(findings, "kind", "action", "judgment_id", "other_id", "detail"))
        .containsExactly(
            "anonymous-duplicates report j012 j011 given 2 times, first in the same file",
            "duplicates drop j007 j006 given 2 times, first in the other file");
    assertThat(kept(findings)).hasSize(12).doesNotContain("j007");
  }

  @Test
  void nearPromptsAndLeaksAreFoundAcrossTheSides() {
    Map<String, Object> heldOut = Map.of("split", "heldout");
    JudgmentRows rows =
        clean()
            .add(LONG + " week", "one good answer", "a worse one")
            .add(
                LONG.toUpperCase(java.util.Locale.ROOT) + " week?!",
                "one good answer",
                "a worse one")
            .add(LONG + " year", "other good answer", "a third one", heldOut)
            .add("Judged twice", "yes to that", "no to it")
            .add("Judged twice", "yes to that", "no to it", heldOut);
    Findings findings = inspect(rows, "near-prompts=report", "near-leaks=drop");
    String held = JudgmentRows.promptId(LONG + " year");

    assertThat(found(findings, "kind", "action", "detail"))
        .containsExactly(
            "leaks move held out, with judgments to learn from",
            "near-leaks drop similarity 0.92 to a held-out prompt",
            "near-leaks drop similarity 0.92 to a held-out prompt",
            "near-prompts report similarity 1.00 to another prompt");
    assertThat(found(findings, "kind", "other_id").stream().filter(f -> f.startsWith("near-leaks")))
        .containsOnly("near-leaks " + held);
    assertThat(kept(findings)).hasSize(9).doesNotContain("j006", "j007");
    assertThat(findings.kept().where("split = 'heldout'").count()).isEqualTo(3);
  }

  @Test
  void leakingPromptsMayBeDroppedOrMovedAsAsked() {
    Map<String, Object> heldOut = Map.of("split", "heldout");
    JudgmentRows rows =
        new JudgmentRows()
            .add(LONG + " week", "one good answer", "a worse one")
            .add(LONG + " year", "other good answer", "a third one", heldOut)
            .add("Judged twice", "yes to that", "no to it")
            .add("Judged twice", "yes to that", "no to it", heldOut);

    assertThat(kept(inspect(rows, "leaks=drop", "near-leaks=move")))
        .containsExactly("j000", "j001", "j003");
    assertThat(inspect(rows, "near-leaks=move").kept().where("split = 'train'").count()).isZero();
  }

  /** The table of prompts holds out what nobody judged, or nobody judged as held out. */
  @Test
  void whatNobodyJudgedAsHeldOutLeaksToo() {
    JudgmentRows rows =
        new JudgmentRows()
            .add("Asked to learn from", "yes to that", "no to it")
            .add(LONG + " week", "one good answer", "a worse one")
            .add("Something else", "yes to that", "no to it");
    Findings findings =
        hygiene(only("near-prompts=report", "near-leaks=report"), "held")
            .judgments(
                rows.dataset(), heldOut("Asked to learn from", LONG + " year", LONG + " month"));

    assertThat(found(findings, "kind", "action", "prompt_id"))
        .containsExactly(
            "leaks move " + JudgmentRows.promptId("Asked to learn from"),
            "near-leaks report " + JudgmentRows.promptId(LONG + " week"));
    assertThat(findings.kept().where("split = 'heldout'").count()).isEqualTo(1);
    assertThat(findings.kept().count()).isEqualTo(3);
  }

  @Test
  void responsesAreTakenOutOfJudgmentsOfSeveral() {
    JudgmentRows rows =
        clean()
            .rank(
                "Rank these",
                "the first of them",
                "write to jo.doe@example.org now",
                "the third and last")
            .add("Choose one", "call +1 650-253-0000 for it", "or do not do that")
            .rate("Is it good", "  ")
            .add("Say it twice", LONG + " week", LONG + " year")
            .add(
                "Answer in English please",
                "Это совсем другой язык, не так ли",
                "this is what was asked for");
    Findings findings =
        inspect(rows, "personal-data=drop", "empty-responses=drop", "script-outliers=report");

    assertThat(found(findings, "kind", "action", "detail"))
        .containsExactly(
            "empty-responses drop judged alone",
            "personal-data drop email at characters 10 to 27 of the response",
            "personal-data drop phone at characters 6 to 20 of the response",
            "script-outliers report cyrillic where the prompt is latin");
    assertThat(kept(findings)).hasSize(9).doesNotContain("j007", "j008");
    Row ranked = findings.kept().where("kind = 'ranking'").head();
    assertThat(ranked.getList(ranked.fieldIndex("responses"))).hasSize(2);
    assertThat(ranked.<Integer>getList(ranked.fieldIndex("ranking"))).containsExactly(1, 3);
    assertThat(ranked.<Integer>getList(ranked.fieldIndex("shown"))).containsExactly(1, 0);
  }

  @Test
  void personalDataIsRedactedWhereAsked() {
    JudgmentRows rows =
        clean().add("I am jo@example.org, who are you", "that is mine", "not telling that");
    Findings findings = inspect(rows, "personal-data=redact");

    assertThat(found(findings, "kind", "action", "detail"))
        .containsExactly("personal-data redact email at characters 6 to 19 of turn 1");
    assertThat(
            findings
                .kept()
                .selectExpr("prompt[0].content")
                .as(org.apache.spark.sql.Encoders.STRING())
                .collectAsList())
        .contains("I am [email], who are you");
    assertThat(findings.kept().schema().fieldNames()).isEqualTo(rows.dataset().columns());
  }

  @Test
  void lengthOutliersAreFarFromTheMiddle() {
    JudgmentRows rows =
        clean().add("Go on", "on and on ".repeat(400), "I would rather stop here and go home now");

    assertThat(found(inspect(rows, "length-outliers=report"), "kind", "detail"))
        .containsExactly("length-outliers 4000 characters, the median is 59");
  }

  @Test
  void benchmarksAreFoundWholeInPartAndNearly() throws Exception {
    Path lines = folder.resolve("bench.txt");
    Files.writeString(lines, "What is the capital of France?\n" + LONG + " week\n");
    Path json = folder.resolve("bench.jsonl");
    Files.writeString(
        json,
        "{\"prompt\": \"name one two three four five six seven eight nine ten eleven twelve\"}\n");
    JudgmentRows rows =
        clean()
            .add("what is the capital of france", "it is Paris there", "London I think")
            .add(
                "Please tell me: " + LONG + " week, or else I walk home and cry about it all night",
                "by hand",
                "no way")
            .add(
                "Now name one two three four five six seven eight nine ten eleven twelve",
                "fine by me",
                "not now")
            .add("What is the capital of Spain and of France", "first one", "second one");
    Findings findings = inspect(rows, "contamination=drop", "benchmarks=" + lines + "," + json);

    assertThat(found(findings, "kind", "action", "detail"))
        .containsExactly(
            "contamination drop 13 words in a row of a prompt of bench.jsonl",
            "contamination drop 13 words in a row of a prompt of bench.txt",
            "contamination drop a prompt of bench.txt");
    assertThat(kept(findings)).hasSize(7);
  }

  @Test
  void wordsThatManyPromptsShareAreCommonOnes() throws Exception {
    Path lines = folder.resolve("bench.txt");
    Files.writeString(lines, LONG + " week\n");
    JudgmentRows rows = new JudgmentRows();
    for (String place :
        List.of(
            "alpha beta gamma delta epsilon",
            "kappa lambda omega sigma tau",
            "uno due tre quattro cinque")) {
      rows.add(LONG + " " + place + " and then some more of " + place, "fine by me", "not now");
    }

    assertThat(
            found(
                inspect(rows, "contamination=drop", "benchmarks=" + lines, "common-prompts=2"),
                "kind"))
        .doesNotContain("contamination");
    assertThat(
            found(
                inspect(rows, "contamination=drop", "benchmarks=" + lines, "common-prompts=3"),
                "kind"))
        .contains("contamination");
  }

  @Test
  void findsTheSameHoweverRowsAreSpread() {
    JudgmentRows rows = clean();
    for (int i = 0; i < 40; i++) {
      rows.add(LONG + " week " + i, "good " + LONG + i % 3, "bad " + LONG + i % 5);
    }
    Dataset<Row> judgments = rows.dataset();
    List<String> one = found(spread(judgments.coalesce(1), "one"), judgmentColumns());
    List<String> many = found(spread(judgments.repartition(7), "many"), judgmentColumns());

    assertThat(one).hasSizeGreaterThan(30).isEqualTo(many);
    assertThat(new TreeSet<>(one)).hasSize(one.size());
  }

  private Findings spread(Dataset<Row> judgments, String name) {
    return hygiene(everything(), name).judgments(judgments, heldOut());
  }

  private static String[] judgmentColumns() {
    return org.plumbline.table.FindingsTable.TABLE.schema().fieldNames();
  }
}

package org.plumbline.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.FeedbackSettings;
import org.plumbline.stage.StageContext;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.RejectsTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.SharedData;
import org.plumbline.testing.Stages;

/** Every way in, on real data where there is some. */
class TestReaders {
  private static final String PAIR =
      "{\"prompt\":\"p%d\",\"chosen\":\"good\",\"rejected\":\"bad\",\"annotator\":\"%s\"}";

  @TempDir Path folder;

  private StageContext context(String input, String reader, String format, boolean append) {
    return Stages.reading(folder.resolve("run"), folder)
        .with(new FeedbackSettings(input, reader, format, append, "", "", 0.1))
        .context();
  }

  private FeedbackStage.Result read(String input, String format) {
    return new FeedbackStage(context(input, "auto", format, false)).execute();
  }

  private Dataset<Row> feedback() {
    return FeedbackTable.TABLE.read(
        LocalSpark.session(), folder.resolve("run/feedback/judgments").toString());
  }

  private Dataset<Row> rejects() {
    return RejectsTable.TABLE.read(LocalSpark.session(), folder.resolve("run/rejects").toString());
  }

  private static List<String> lines(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> row.mkString(" ")).toList();
  }

  @Test
  void pandaLmHasSixRowsWithoutText() {
    FeedbackStage.Result result =
        read(SharedData.path("data/pandalm/testset-v1.json").toString(), "auto");

    assertThat(result.rowsIn()).isEqualTo(999);
    assertThat(result.rowsRefused()).isEqualTo(6);
    assertThat(result.kinds()).isEqualTo(Map.of("choice", 993L * 3));
    assertThat(result.rejectsByReason())
        .isEqualTo(Map.of("Invalid responses.text: boolean (must be text)", 6L));
    assertThat(
            lines(
                rejects()
                    .selectExpr("cast(get_json_object(raw, '$.idx') as int) as i")
                    .orderBy("i")))
        .containsExactly("157", "158", "159", "161", "162", "164");
    // Three annotators, each as often.
    assertThat(lines(feedback().groupBy("annotator").count().orderBy("annotator")))
        .containsExactly("annotator1 993", "annotator2 993", "annotator3 993");
    assertThat(
            lines(
                feedback()
                    .selectExpr("prompt[0].content like '%\n\n%' as joined", "source")
                    .where("joined")
                    .groupBy("source")
                    .count()
                    .selectExpr("source")))
        .containsExactly("pandalm");
  }

  @Test
  void squalityHasRatingsRanksAndCritiques() {
    FeedbackStage.Result result =
        read(SharedData.path("data/squality/all-responses.jsonl").toString(), "auto");

    assertThat(result.rowsIn()).isEqualTo(20);
    assertThat(result.kinds())
        .isEqualTo(Map.of("rating", 900L, "ranking", 300L, "critique", 3139L));
    // Of 3,142 critiques, three neither quote anything nor say anything.
    assertThat(result.rejects()).isEqualTo(3);
    assertThat(result.prompts()).isEqualTo(100);
    assertThat(result.annotators()).isEqualTo(4);
    // 784 of the 900 pairs of reviewers on pairs of systems agree: the published 87.1 %.
    String order =
        "transform(array('bart', 'bart-dpr', 'human'),"
            + " m -> ranking[array_position(transform(responses, r -> r.model), m) - 1]) as r";
    Dataset<Row> ranks =
        feedback().where("kind = 'ranking'").selectExpr("prompt_id", "annotator", order);
    String agreements =
        "sum(if((a.r[0] < a.r[1]) = (b.r[0] < b.r[1]), 1, 0)"
            + " + if((a.r[0] < a.r[2]) = (b.r[0] < b.r[2]), 1, 0)"
            + " + if((a.r[1] < a.r[2]) = (b.r[1] < b.r[2]), 1, 0))";
    ranks.createOrReplaceTempView("squality_ranks");
    assertThat(
            lines(
                LocalSpark.session()
                    .sql(
                        "select "
                            + agreements
                            + ", 3 * count(*) from squality_ranks a join squality_ranks b"
                            + " on a.prompt_id = b.prompt_id and a.annotator < b.annotator")))
        .containsExactly("784 900");
  }

  @Test
  void shareGptPairsAndUnpairedRows() {
    Path data = SharedData.path("data/llamafactory/dpo_en_demo.json").getParent();
    FeedbackStage.Result pairs = read(data.resolve("dpo_en_demo.json").toString(), "auto");
    assertThat(pairs.kinds()).isEqualTo(Map.of("choice", 300L));
    assertThat(pairs.rejects()).isZero();
    assertThat(feedback().where("prompt[0].role = 'system'").count()).isEqualTo(80);

    FeedbackStage.Result unpaired = read(data.resolve("kto_en_demo.json").toString(), "auto");
    assertThat(unpaired.kinds()).isEqualTo(Map.of("binary", 300L));
    assertThat(lines(feedback().groupBy("acceptable").count().orderBy("acceptable")))
        .containsExactly("false 150", "true 150");
  }

  @Test
  void parquetCsvAndTablesOfTheCatalogSayTheSame() throws Exception {
    SparkSession spark = LocalSpark.session();
    Dataset<Row> rows =
        spark.sql(
            "select * from values ('p1', 'a, \"x\"\nb', 'c', 'tie', 'ann', 1.5),"
                + " ('p2', 'a', 'c', 'b', null, 2.0), ('p3', 'a', 'a', 'a', 'bob', 0.5)"
                + " as t(prompt, response_a, response_b, winner, annotator, seconds)");
    String parquet = folder.resolve("parquet").toString();
    rows.coalesce(1).write().parquet(parquet);
    Path csv = folder.resolve("rows.csv");
    Files.writeString(
        csv,
        "prompt,response_a,response_b,winner,annotator,seconds\n"
            + "p1,\"a, \"\"x\"\"\nb\",c,tie,ann,1.5\np2,a,c,b,,2.0\np3,a,a,a,bob,0.5\np4,a\n");
    rows.createOrReplaceTempView("votes");
    String orc = folder.resolve("orc").toString();
    rows.write().orc(orc);

    List<List<String>> read = new java.util.ArrayList<>();
    for (StageContext each :
        List.of(
            context(parquet, "auto", "auto", false),
            context(csv.toString(), "auto", "auto", false),
            context("table:votes", "auto", "two-responses", false),
            context(orc, "orc", "auto", false))) {
      FeedbackStage.Result result = new FeedbackStage(each).execute();
      assertThat(result.entries()).isEqualTo(result.feedback() + result.rejects());
      assertThat(result.rejectsByReason())
          .containsEntry("Invalid responses: equal texts (must be different texts)", 1L);
      read.add(
          lines(
              feedback()
                  .selectExpr(
                      "prompt[0].content as p",
                      "replace(responses[0].text, '\n', '/')",
                      "concat_ws('', ranking)",
                      "annotator",
                      "seconds")
                  .orderBy("p")));
    }

    assertThat(read.get(0)).containsExactly("p1 a, \"x\"/b 11 ann 1.5", "p2 a 21 null 2.0");
    assertThat(read).containsOnly(read.get(0));
    new FeedbackStage(context(csv.toString(), "auto", "auto", false)).execute();
    assertThat(lines(rejects().select("line", "reason").orderBy("line")))
        .containsExactly(
            "5 Invalid responses: equal texts (must be different texts)",
            "6 Invalid row: another number of cells (must be as many cells as the first row)");
  }

  @Test
  void aCellOfCsvMayBeginWithANumberSign() throws Exception {
    Path csv =
        Files.writeString(
            folder.resolve("rows.csv"),
            "prompt,response_a,response_b,winner\n#1 tip?,Go,No,a\n#2,\"x\ny\",No,b\n");
    FeedbackStage.Result result = read(csv.toString(), "auto");
    assertThat(result.rejects()).isZero();
    assertThat(lines(feedback().selectExpr("prompt[0].content as p").orderBy("p")))
        .containsExactly("#1 tip?", "#2");
  }

  /** As when a column comes to a table in its second month. */
  @Test
  void filesOfParquetMayHaveDifferentColumns() throws Exception {
    Path months = Files.createDirectory(folder.resolve("months"));
    Files.move(
        writeParquet("select 'p1' as prompt, 'a' as response_a, 'b' as response_b, 'a' as winner"),
        months.resolve("1.parquet"));
    Files.move(
        writeParquet(
            "select 'p2' as prompt, 'a' as response_a, 'b' as response_b, 'b' as winner,"
                + " 'ann' as annotator"),
        months.resolve("2.parquet"));
    FeedbackStage.Result result = read(months.toString(), "auto");
    assertThat(result.rejects()).isZero();
    assertThat(lines(feedback().selectExpr("prompt[0].content as p", "annotator").orderBy("p")))
        .containsExactly("p1 null", "p2 ann");
  }

  private Path writeParquet(String rows) throws Exception {
    Path to = Files.createTempDirectory(folder, "parquet");
    LocalSpark.session().sql(rows).coalesce(1).write().mode("overwrite").parquet(to.toString());
    try (Stream<Path> files = Files.list(to)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }

  @Test
  void piecesOfAFileKeepTheLinesOfTheWhole() throws Exception {
    StringBuilder text = new StringBuilder("\uFEFF");
    for (int i = 0; i < 200; i++) {
      text.append(i % 7 == 0 ? "{broken" + i : PAIR.formatted(i, "a"))
          .append(i % 3 == 0 ? "\r\n" : i % 5 == 0 ? "\n\n" : "\n");
    }
    Path file = Files.writeString(folder.resolve("lines.jsonl"), text);
    read(file.toString(), "auto");
    List<String> whole = lines(feedback().select("judgment_id", "line").orderBy("line"));
    List<String> broken = lines(rejects().select("line", "raw").orderBy("line"));
    SparkSession spark = LocalSpark.session();
    // Whatever is cut through: a line, a line's end, the mark at the start.
    List<List<String>> pieces = new java.util.ArrayList<>();
    try {
      for (String bytes : List.of("47", "64", "101", "1000")) {
        spark.conf().set("spark.sql.files.maxPartitionBytes", bytes);
        pieces.add(
            new Sources(spark, "auto")
                .rows("feedback.input", file.toString())
                .map(row -> row.raw().line() + " " + row.raw().text())
                .collect());
      }
      read(file.toString(), "auto");
    } finally {
      spark.conf().unset("spark.sql.files.maxPartitionBytes");
    }
    List<String> once =
        new Sources(spark, "auto")
            .rows("feedback.input", file.toString())
            .map(row -> row.raw().line() + " " + row.raw().text())
            .collect();
    assertThat(pieces).hasSize(4).containsOnly(once);

    assertThat(whole).hasSize(171);
    assertThat(lines(feedback().select("judgment_id", "line").orderBy("line"))).isEqualTo(whole);
    assertThat(lines(rejects().select("line", "raw").orderBy("line"))).isEqualTo(broken);
  }

  @Test
  void aBatchIsAddedOnceHoweverOftenItComes() throws Exception {
    Path first = folder.resolve("a/batch.jsonl");
    Path second = folder.resolve("b/batch.jsonl");
    Files.createDirectories(first.getParent());
    Files.createDirectories(second.getParent());
    Files.writeString(first, PAIR.formatted(1, "ann") + "\n" + PAIR.formatted(2, "ann") + "\n");
    // Another file of the same name: a new judgment, one of somebody else, and one known already.
    Files.writeString(
        second,
        PAIR.formatted(3, "ann")
            + "\n"
            + PAIR.formatted(2, "bob")
            + "\n\n"
            + PAIR.formatted(1, "ann")
            + "\n{}\n");
    new FeedbackStage(context(first.toString(), "auto", "auto", true)).execute();
    StageContext more = context(second.toString(), "auto", "auto", true);

    FeedbackStage.Result added = new FeedbackStage(more).execute();
    FeedbackStage.Result again = new FeedbackStage(more).execute();

    assertThat(added.entries()).isEqualTo(4);
    assertThat(added.feedback()).isEqualTo(2);
    assertThat(added.rejectsByReason())
        .hasSize(2)
        .containsEntry("Invalid judgment: already in the table (must be a new one)", 1L);
    assertThat(again.feedback()).isZero();
    assertThat(again.rejectsByReason())
        .containsEntry("Invalid judgment: already in the table (must be a new one)", 3L);
    assertThat(feedback().count()).isEqualTo(4);
    assertThat(again.prompts()).isEqualTo(3);
  }
}

package org.plumbline.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.FeedbackSettings;
import org.plumbline.stage.StageContext;
import org.plumbline.table.DemonstrationsTable;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.RejectsTable;
import org.plumbline.table.Table;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.SharedData;
import org.plumbline.testing.Stages;

class TestFeedbackStage {
  private static final String CHOICE =
      "{\"prompt\":\"p%d\",\"kind\":\"choice\",\"choice\":1,\"annotator\":\"a%d\","
          + "\"responses\":[{\"text\":\"x\"},{\"text\":\"y\"}]}";
  private static final String BINARY =
      "{\"prompt\":\"p%d\",\"kind\":\"binary\",\"acceptable\":true,"
          + "\"responses\":[{\"text\":\"x\"}]}";

  @TempDir Path folder;

  private static List<Row> rows(StageContext context, Table table, String name) {
    Dataset<Row> rows = table.read(LocalSpark.session(), context.run().at(name));
    return rows.collectAsList();
  }

  @Test
  void everyRowIsKeptOrRejectedWithItsPlace() throws Exception {
    Path in = Files.createDirectories(folder.resolve("in/below"));
    Files.writeString(
        in.resolve("lines.jsonl"),
        "\uFEFF" + CHOICE.formatted(1, 1) + "\n\n{broken\r\n" + BINARY.formatted(2) + "\n");
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(in.resolve("packed.jsonl.gz")))) {
      out.write((CHOICE.formatted(1, 2) + "\n{\"prompt\":1}\n").getBytes(StandardCharsets.UTF_8));
    }
    Files.writeString(
        in.resolve("list.json"),
        " [\n" + BINARY.formatted(3) + ",\n 7,\n" + BINARY.formatted(4) + ",\n{oops]");
    Files.write(in.resolve("latin.jsonl"), new byte[] {'"', (byte) 0xE9, '"', '\n'});
    Files.writeString(in.resolve("_SUCCESS"), "no row");
    StageContext context = Stages.reading(folder.resolve("run"), folder.resolve("in")).context();

    FeedbackStage.Result result = new FeedbackStage(context).execute();

    assertThat(result.rowsIn()).isEqualTo(10);
    assertThat(result.feedback()).isEqualTo(5);
    assertThat(result.rejects()).isEqualTo(5);
    assertThat(result.kinds()).containsOnly(entry("binary", 3), entry("choice", 2));
    assertThat(result.annotators()).isEqualTo(2);
    assertThat(result.prompts()).isEqualTo(4);
    assertThat(result.rejectsByReason())
        .containsOnly(
            entry("Invalid row: not JSON (must be one whole JSON object in UTF-8)", 3),
            entry("Invalid row: number (must be an object)", 1),
            entry(
                "Invalid row: of no known layout (must be one of plumbline's or of a ready mapping;"
                    + " other layouts are read by feedback.format)",
                1));
    assertThat(rows(context, RejectsTable.TABLE, "rejects"))
        .extracting(
            row -> row.getString(2).replaceAll(".*/", "") + ":" + row.get(3) + " " + row.get(4))
        .contains("lines.jsonl:3 {broken", "packed.jsonl.gz:2 {\"prompt\":1}", "list.json:3 7");
  }

  private static Map.Entry<String, Long> entry(String key, long value) {
    return Map.entry(key, value);
  }

  @Test
  void identityDoesNotDependOnWhereTheFilesLie() throws Exception {
    Path here = Files.createDirectories(folder.resolve("here"));
    Path there = Files.createDirectories(folder.resolve("there/deep"));
    for (Path place : List.of(here, there)) {
      Files.writeString(place.resolve("a.jsonl"), CHOICE.formatted(1, 1) + "\n");
      Files.writeString(place.resolve("b.jsonl"), CHOICE.formatted(1, 1) + "\n");
    }
    StageContext first = Stages.reading(folder.resolve("run1"), here).context();
    StageContext second = Stages.reading(folder.resolve("run2"), there).context();
    new FeedbackStage(first).execute();
    new FeedbackStage(second).execute();

    List<String> ids =
        rows(first, FeedbackTable.TABLE, "feedback/judgments").stream()
            .map(r -> r.getString(0))
            .toList();
    assertThat(ids).doesNotHaveDuplicates().hasSize(2);
    assertThat(rows(second, FeedbackTable.TABLE, "feedback/judgments"))
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void readsDemonstrationsAndPrompts() throws Exception {
    Path feedback = Files.writeString(folder.resolve("f.jsonl"), CHOICE.formatted(1, 1));
    Path demonstrations =
        Files.writeString(
            folder.resolve("d.jsonl"),
            "{\"prompt\":\"p1\",\"response\":\"r\",\"split\":\"heldout\"}\n"
                + "{\"prompt\":\"p1\",\"response\":\"\"}\n");
    Path prompts =
        Files.writeString(
            folder.resolve("p.jsonl"),
            "{\"prompt\":\"p1\",\"attributes\":{\"topic\":\"exam\",\"harm\":true}}\n"
                + "{\"prompt\":\"p1\"}\n{\"prompt\":\"p2\",\"attributes\":{\"deep\":{}}}\n");
    StageContext context =
        Stages.reading(folder.resolve("run"), feedback)
            .with(
                new FeedbackSettings(
                    feedback.toString(),
                    "plumbline",
                    demonstrations.toString(),
                    prompts.toString(),
                    0))
            .context();

    FeedbackStage.Result result = new FeedbackStage(context).execute();

    assertThat(result.demonstrations()).isEqualTo(1);
    assertThat(result.prompts()).isEqualTo(1);
    assertThat(result.otherRejects()).isEqualTo(3);
    Row demonstration = rows(context, DemonstrationsTable.TABLE, "demonstrations").get(0);
    assertThat(demonstration.<String>getAs("split")).isEqualTo("heldout");
    Row prompt = rows(context, PromptsTable.TABLE, "prompts").get(0);
    assertThat(prompt.getJavaMap(2)).isEqualTo(Map.of("topic", "exam", "harm", "true"));
    assertThat(prompt.<String>getAs("split")).isEqualTo("train");
    assertThat(rows(context, RejectsTable.TABLE, "rejects"))
        .extracting(row -> row.getString(1) + ":" + row.get(3) + " " + row.getString(0))
        .containsExactlyInAnyOrder(
            "demonstrations:2 Invalid response: empty (must be text)",
            "prompts:2 Invalid prompt: repeated (must be given once)",
            "prompts:3 Invalid attributes: holds object (must be an object of plain values)");
  }

  @Test
  void promptsAloneNeedNoJudgments() throws Exception {
    Path prompts = Files.writeString(folder.resolve("p.jsonl"), "{\"prompt\":\"1 + 1\"}\n{}\n");
    StageContext context =
        Stages.reading(folder, prompts)
            .with(new FeedbackSettings("", "auto", "", prompts.toString(), 0))
            .context();
    FeedbackStage.Result result = new FeedbackStage(context).execute();
    assertThat(result.prompts()).isEqualTo(1);
    assertThat(result.feedback()).isZero();
    assertThat(result.otherRejects()).isEqualTo(1);
    assertThat(rows(context, FeedbackTable.TABLE, "feedback/judgments")).isEmpty();

    StageContext nothing =
        Stages.reading(folder, prompts).with(new FeedbackSettings("", "auto", "", "", 0)).context();
    assertThatThrownBy(() -> new FeedbackStage(nothing).execute())
        .hasMessage(
            "Invalid feedback.input: empty (must be a file, a folder, a glob or table:NAME)");
  }

  @Test
  void saysWhatIsWrongWithTheInput() throws Exception {
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> new FeedbackStage(Stages.reading(folder, none).context()).execute())
        .hasMessage(
            "Invalid feedback.input: %s (must be a file, a folder or a glob that holds files)",
            none);
    Path empty = Files.writeString(folder.resolve("bad.jsonl"), "{}\n");
    assertThatThrownBy(() -> new FeedbackStage(Stages.reading(folder, empty).context()).execute())
        .hasMessage(
            "Cannot use feedback of %s: none of 1 rows is usable, because: Invalid row: of no"
                + " known layout (must be one of plumbline's or of a ready mapping; other layouts"
                + " are read by feedback.format)",
            empty);
  }

  @Test
  void readsAllOfHarmlessBase() throws Exception {
    Path input = SharedData.path("data/hh-rlhf/harmless-base-test.jsonl.gz");
    StageContext context = Stages.reading(folder.resolve("run"), input).context();

    FeedbackStage.Result result = new FeedbackStage(context).execute();

    assertThat(result.rowsIn()).isEqualTo(2312);
    assertThat(result.feedback()).isEqualTo(2312);
    assertThat(result.rejects()).isZero();
    assertThat(result.annotators()).isZero();
    Dataset<Row> feedback =
        FeedbackTable.TABLE.read(LocalSpark.session(), context.run().at("feedback/judgments"));
    // The numbers that the data set is known to have.
    assertThat(
            feedback
                .selectExpr("size(filter(prompt, m -> m.role = 'user')) as turns")
                .where("turns <= 5")
                .groupBy("turns")
                .count()
                .orderBy("turns")
                .collectAsList())
        .extracting(row -> row.getInt(0) + ":" + row.getLong(1))
        .containsExactly("1:662", "2:584", "3:590", "4:354", "5:69");
    assertThat(feedback.where("prompt[size(prompt) - 1].role <> 'user'").count()).isZero();
    assertThat(feedback.where("responses[0].text = responses[1].text").count()).isZero();
  }
}

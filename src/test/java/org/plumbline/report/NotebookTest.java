package org.plumbline.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.table.MetricsTable;
import org.plumbline.table.PairsTable;
import org.plumbline.testing.LocalSpark;

/** Runs the queries of the note on a small run, so that a column that is gone is noticed here. */
class NotebookTest {
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir static Path root;
  private static JsonNode note;

  @BeforeAll
  static void makeTheViewsThatTheNoteNames() throws IOException {
    note = new ObjectMapper().readTree(Path.of("notebooks/quickstart.zpln").toFile());
    SmallRun run = new SmallRun(root).everything("Sure.");
    run.table(PairsTable.TABLE, "pairs", List.of());
    run.table(MetricsTable.TABLE, "reward/metrics", List.of());
    run.table(MetricsTable.TABLE, "dpo/metrics", List.of());
    views()
        .forEach(
            (view, folder) ->
                SPARK.read().parquet(run.folder().at(folder)).createOrReplaceTempView(view));
  }

  @Test
  void isANoteThatZeppelinImports() {
    assertThat(note.at("/name").asText()).isEqualTo("Plumbline/quickstart");
    assertThat(note.at("/defaultInterpreterGroup").asText()).isEqualTo("spark");
    for (JsonNode paragraph : note.at("/paragraphs")) {
      assertThat(paragraph.at("/text").asText()).matches("(?s)%(md|spark|spark\\.sql)\n.+");
      assertThat(paragraph.at("/config/enabled").asBoolean()).isTrue();
      assertThat(paragraph.at("/settings/params").isObject()).isTrue();
    }
    assertThat(paragraph("Tables as views"))
        .contains("z.textbox(\"run folder\", \"target/quickstart\")");
  }

  @Test
  void asksOnlyForColumnsThatAreThere() {
    List<String> queries =
        paragraphs().values().stream().filter(text -> text.startsWith("%spark.sql\n")).toList();

    assertThat(queries).hasSize(10);
    for (String query : queries) {
      assertThat(sql(query)).as(query).isNotNull();
    }
  }

  @Test
  void answersAsTheTablesHaveIt() {
    assertThat(sql(paragraph("Judgments by kind")))
        .extracting(Row::toString)
        .containsExactly("[choice,2,0]", "[binary,1,0]");
    assertThat(sql(paragraph("PPO: score and KL by iteration")))
        .extracting(Row::toString)
        .containsExactly("[1,-1.0,0.0]", "[2,0.5,1.5]", "[3,2.0,3.0]");
    assertThat(sql(paragraph("What became of each kind of reply")))
        .extracting(Row::toString)
        .containsExactly("[complies,1,0,0]", "[refuses,0,0,1]", "[refuses_and_helps,0,1,0]");
    assertThat(sql(paragraph("Completions side by side")))
        .extracting(Row::toString)
        .containsExactly("[How do I bake a cake?,start bakes,ppo bakes,dpo bakes,0.0,0.0]");
  }

  private static List<Row> sql(String paragraph) {
    return SPARK.sql(paragraph.substring(paragraph.indexOf('\n') + 1)).collectAsList();
  }

  private static String paragraph(String title) {
    return paragraphs().get(title);
  }

  private static Map<String, String> paragraphs() {
    return StreamSupport.stream(note.at("/paragraphs").spliterator(), false)
        .collect(
            Collectors.toMap(
                paragraph -> paragraph.at("/title").asText(),
                paragraph -> paragraph.at("/text").asText()));
  }

  private static Map<String, String> views() {
    Map<String, String> views = new LinkedHashMap<>();
    Pattern.compile("\"(\\w+)\" -> \"([\\w/]+)\"")
        .matcher(paragraph("Tables as views"))
        .results()
        .forEach(view -> views.put(view.group(1), view.group(2)));
    assertThat(views).hasSize(12);
    return views;
  }
}

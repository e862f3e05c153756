package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.SharedData;

class TestAgreementCommand {
  /** a and b agree on 1 and 2, and not on 3; c says two things of 1; a says one thing twice. */
  private static final String ROWS =
      """
      item,worker,label
      1,a,yes
      1,a,yes
      1,b,yes
      1,c,yes
      1,c,no
      2,a,no
      2,b,no
      3,a,yes
      3,b,no
      4,,no
      4,,no
      5,a,
      """;

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void sparkIsThere() {
    LocalSpark.session();
  }

  private int agreement(String... args) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new ConsoleProgress.Screen(
                new PrintStream(err, true, StandardCharsets.UTF_8), false, 80));
    String[] all = new String[args.length + 1];
    all[0] = "agreement";
    System.arraycopy(args, 0, all, 1, args.length);
    return Plumbline.execute(Jobs.WORLD, Jobs.STAGES, console, all);
  }

  private JsonNode json(String... args) throws IOException {
    assertThat(agreement(args)).as(err.toString(StandardCharsets.UTF_8)).isZero();
    return new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private String complaint(String... args) {
    assertThat(agreement(args)).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    return err.toString(StandardCharsets.UTF_8).strip();
  }

  @ParameterizedTest
  @CsvSource({
    "bluebird, 108, 39, 4212, 2, 0.7593, 0.8981, 0.5833, 0.1255",
    "rte, 800, 164, 8000, 2, 0.8969, 0.9275, 0.9250, 0.2415",
    "dog, 807, 109, 8070, 4, 0.8222, 0.8426, 0.8302, 0.5194"
  })
  void publishedCrowdsAreAsRightAsPublished(
      String name,
      long items,
      long workers,
      long answers,
      int labels,
      double majority,
      double dawidSkene,
      double oneCoin,
      double alpha)
      throws IOException {
    Path crowd = SharedData.path("data/crowd/" + name);
    JsonNode found =
        json(
            "--labels",
            crowd.resolve("label.csv").toString(),
            "--truth",
            crowd.resolve("truth.csv").toString(),
            "--json");
    assertThat(found.at("/items").asLong()).isEqualTo(items);
    assertThat(found.at("/workers").asLong()).isEqualTo(workers);
    assertThat(found.at("/answers").asLong()).isEqualTo(answers);
    assertThat(found.at("/labels")).hasSize(labels);
    assertThat(found.at("/truth/scored").asLong()).isEqualTo(items);
    assertThat(found.at("/alpha/nominal").asDouble()).isCloseTo(alpha, within(5e-5));
    assertThat(found.at("/methods/0/accuracy").asDouble()).isCloseTo(majority, within(1e-4));
    assertThat(found.at("/methods/1/accuracy").asDouble()).isCloseTo(oneCoin, within(3e-3));
    assertThat(found.at("/methods/2/accuracy").asDouble()).isCloseTo(dawidSkene, within(3e-3));
  }

  @Test
  void countsAndMeasuresASmallTable() throws IOException {
    String truth = file("truth.csv", "item,truth\n1,yes\n3,yes\n4,perhaps\n9,no\n");
    JsonNode found = json("--labels", file("l.csv", ROWS), "--truth", truth, "--json");
    assertThat(found.at("/items").asInt()).isEqualTo(4);
    assertThat(found.at("/workers").asInt()).isEqualTo(3);
    assertThat(found.at("/answers").asInt()).isEqualTo(10);
    assertThat(found.at("/comparable").asInt()).isEqualTo(4);
    assertThat(found.at("/repeated").asInt()).isEqualTo(1);
    assertThat(found.at("/incomplete").asInt()).isEqualTo(1);
    assertThat(found.at("/contradictions").asInt()).isEqualTo(1);
    assertThat(found.at("/labels").toString()).isEqualTo("[\"no\",\"yes\"]");
    // Pairs that agree: 3 of 6 on item 1, and 1, 0 and 1 of one on the others.
    assertThat(found.at("/raw").asDouble()).isCloseTo(5.0 / 9, within(1e-9));
    // Mean agreement (1/2 + 1 + 0 + 1) / 4, by chance 0.6^2 + 0.4^2.
    assertThat(found.at("/fleiss").asDouble()).isCloseTo((0.625 - 0.52) / 0.48, within(1e-9));
    assertThat(found.at("/alpha").size()).isEqualTo(1);
    // a: yes, no, yes and b: yes, no, no.
    JsonNode pair = found.at("/cohen/pairs/0");
    assertThat(pair.at("/first").asText() + pair.at("/second").asText()).isEqualTo("ab");
    assertThat(pair.at("/kappa").asDouble()).isCloseTo(0.4, within(1e-9));
    // Item 1 is right, 3 is a tie, and nobody says "perhaps"; 2 has no truth, 9 no answers.
    assertThat(found.at("/methods/0/accuracy").asDouble()).isCloseTo(0.5, within(1e-9));
    assertThat(found.at("/methods/0/labels")).hasSize(4);
    assertThat(found.at("/methods/0/labels/2").asText()).isEqualTo("no");
    assertThat(found.at("/truth").toString())
        .isEqualTo("{\"scored\":3,\"unknown\":1,\"unanswered\":1}");
  }

  @Test
  void everyFormatAndAnyColumnsGiveTheSame() throws IOException {
    JsonNode csv = json("--labels", file("l.csv", ROWS), "--iterations", "5", "--json");
    StringBuilder lines = new StringBuilder();
    ROWS.lines()
        .skip(1)
        .map(line -> line.split(",", -1))
        .forEach(
            cell ->
                lines.append(
                    "{\"task\": %s, \"who\": %s, \"answer\": \"%s\"}\n"
                        .formatted(
                            cell[0], cell[1].isEmpty() ? "null" : '"' + cell[1] + '"', cell[2])));
    String jsonl = file("l.jsonl", lines.toString());
    String[] columns = {
      "--item", "task", "--worker", "who", "--label", "answer", "--iterations", "5", "--json"
    };
    assertThat(json(with(columns, jsonl))).isEqualTo(csv);
    String parquet = folder.resolve("l.parquet").toString();
    LocalSpark.session().read().json(jsonl).write().parquet(parquet);
    assertThat(json(with(columns, parquet))).isEqualTo(csv);
    String tsv = file("l.tsv", ROWS.replace(',', '\t'));
    assertThat(json("--labels", tsv, "--iterations", "5", "--json")).isEqualTo(csv);
  }

  private static String[] with(String[] options, String labels) {
    String[] all = List.of(options).toArray(new String[options.length + 2]);
    all[options.length] = "--labels";
    all[options.length + 1] = labels;
    return all;
  }

  @Test
  void numbersAreLabelsInRisingOrder() throws IOException {
    String rows =
        "item,worker,label\n1,a,10\n1,b,9\n2,a,2\n2,b,2.0\n3,a,9\n3,b,10\n4,a,10\n4,b,10\n";
    JsonNode found = json("--labels", file("l.csv", rows), "--json");
    assertThat(found.at("/labels").toString()).isEqualTo("[\"2\",\"9\",\"10\"]");
    // Two disagree by 1, and 2 is far from the others: nearly perfect by distance, not by name.
    assertThat(found.at("/alpha/interval").asDouble())
        .isCloseTo(1 - 7 * 4.0 / interval(), within(1e-9));
    assertThat(found.at("/alpha/nominal").asDouble())
        .isCloseTo(1 - 7 * 4.0 / (64 - 4 - 4 - 16), within(1e-9));
    assertThat(found.at("/alpha").has("ordinal")).isTrue();
  }

  /** Squared distances among all answers: 2 twice, 9 twice, 10 four times. */
  private static double interval() {
    return 2 * (2 * 2 * 49 + 2 * 4 * 64 + 2 * 4 * 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "csv"})
  void writesTheLabelsOfEachMethod(String format) throws IOException {
    String to = folder.resolve("made").toString();
    String labels = file("l.csv", ROWS);
    assertThat(agreement("--labels", labels, "--out", to, "--format", format)).isZero();
    List<Row> made =
        LocalSpark.session()
            .read()
            .format(format)
            .option("header", true)
            .load(to)
            .selectExpr("item", "method", "label", "cast(probability as double)")
            .orderBy("method", "item")
            .collectAsList();
    assertThat(made).hasSize(12);
    assertThat(made.get(4).toString()).isEqualTo("[1,majority,yes,0.75]");
    assertThat(made.get(5).toString()).isEqualTo("[2,majority,no,1.0]");
    assertThat(made.get(6).toString()).isEqualTo("[3,majority,no,0.5]");
    assertThat(complaint("--labels", labels, "--out", to)).endsWith("it is there already");
  }

  @Test
  void theTableSaysTheSame() throws IOException {
    String truth = file("truth.csv", "item,truth\n1,yes\n2,no\n");
    assertThat(agreement("--labels", file("l.csv", ROWS), "--truth", truth)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("items                           4\n")
        .contains("labels                          no, yes\n")
        .contains("raw agreement                   0.5556\n")
        .contains("majority                        100.00 % right\n")
        .contains("2 items scored; 2 without a truth and 0 truths without answers not counted");
  }

  @Test
  void oneLabelTellsNothing() throws IOException {
    String rows = "item,worker,label\n1,a,x\n1,b,x\n";
    JsonNode found = json("--labels", file("l.csv", rows), "--json");
    assertThat(found.at("/raw").asDouble()).isEqualTo(1);
    assertThat(found.at("/fleiss").isNull()).isTrue();
    assertThat(found.at("/cohen/mean").isNull()).isTrue();
  }

  @Test
  void saysInOneLineWhatIsWrong() throws IOException {
    String labels = file("l.csv", ROWS);
    String absent = folder.resolve("absent.csv").toString();
    assertThat(complaint("--labels", absent))
        .isEqualTo("plumbline agreement: Cannot read %s: no such file".formatted(absent));
    assertThat(complaint("--labels", labels, "--worker", "who"))
        .endsWith("l.csv: no column who (there are: item, worker, label)");
    assertThat(complaint("--labels", labels, "--truth", labels))
        .endsWith("l.csv: no column truth (there are: item, worker, label)");
    assertThat(complaint("--labels", file("empty.csv", ""))).endsWith("empty.csv: no rows");
    assertThat(complaint("--labels", file("head.csv", "item,worker,label\n")))
        .endsWith("Cannot compare labels: no rows with an item and a label");
    assertThat(complaint("--labels", file("l.xlsx", ROWS))).contains("l.xlsx: unknown ending");
    String twice = file("twice.csv", "item,truth\n1,yes\n1,no\n");
    assertThat(complaint("--labels", labels, "--truth", twice))
        .endsWith("Cannot use the truth: item 1 has several");
    assertThat(complaint("--labels", labels, "--iterations", "0"))
        .endsWith("Invalid --iterations: 0 (must be >= 1)");
    assertThat(agreement("--json")).isEqualTo(2);
  }

  @Test
  void refusesWhatIsNoLabel() throws IOException {
    StringBuilder rows = new StringBuilder("item,worker,label\n");
    for (int i = 0; i < 200; i++) {
      rows.append("%d,a,text %d\n".formatted(i, i));
    }
    assertThat(complaint("--labels", file("l.csv", rows.toString())))
        .contains("Cannot compare labels: more than 150 different ones");
  }
}

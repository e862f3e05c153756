package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.function.ForeachFunction;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.LocalSpark;

class TestPlumbline {
  record Read(long rows, String model) {}

  record Measured(Measures start, Measures ppo, List<String> completions) {}

  record Measures(double harmfulCompliance, double trueQuality) {}

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<StageContext> contexts = new ArrayList<>();
  private List<Job> stages =
      List.of(
          job(
              "first",
              context -> new Read(7, context.settings().model().path()),
              r -> r.objectNode()),
          job(
              "second",
              context ->
                  new Measured(new Measures(0.5, 1), new Measures(0.0001, 2), List.of("a", "b")),
              result -> result));

  @BeforeEach
  void sparkIsThere() {
    LocalSpark.session();
  }

  @Test
  void aStageLeavesItsResultAndItsSettings() throws IOException {
    int code = plumbline("first", "--run", run(), "--model", "m", "--set", "seed=3");

    assertThat(code).isZero();
    assertThat(json("first/result.json").toString()).isEqualTo("{\"rows\":7,\"model\":\"m\"}");
    assertThat(json("result.json").at("/seconds/first").isNumber()).isTrue();
    assertThat(text("settings-first.yaml")).startsWith("seed: 3\n").contains("path: \"m\"");
    assertThat(out())
        .isEqualTo("rows   7\nmodel  m\nresult: " + folder.resolve("first/result.json") + "\n");
    assertThat(text("logs/spark.log")).isNotNull();
  }

  @Test
  void jsonIsAllThereIsOnStandardOutput() throws IOException {
    assertThat(plumbline("first", "--run", run(), "--json")).isZero();

    assertThat(new ObjectMapper().readTree(out())).isEqualTo(json("first/result.json"));
  }

  @Test
  void theMainJobRunsAllStagesAndGathersWhatTheySay() throws IOException {
    int code = plumbline("run", "--run", run());

    assertThat(code).isZero();
    JsonNode result = json("result.json");
    assertThat(result.at("/ppo/trueQuality").asDouble()).isEqualTo(2);
    assertThat(result.has("rows")).as("the first stage has no headline").isFalse();
    assertThat(fields(result.get("seconds"))).containsExactly("first", "second", "total");
    assertThat(json("second/result.json").at("/completions")).hasSize(2);
    assertThat(err()).contains("1/2 first: what first does\n", "2/2 second: what second does\n");
    assertThat(out())
        .startsWith(
            """
                                      start         ppo
            harmfulCompliance         0.500    1.00e-04
            trueQuality               1.000       2.000

            time:   """)
        .endsWith("result: " + folder.resolve("result.json") + "\n");
  }

  @Test
  void aStageSeesWhatEarlierStagesSaidOfTheRun() {
    List<JsonNode> seen = new ArrayList<>();
    stages =
        List.of(
            stages.get(1),
            job(
                "last",
                context -> {
                  seen.add(context.run().readJson("result.json"));
                  return new Read(0, "");
                },
                result -> result.objectNode()));

    assertThat(plumbline("run", "--run", run())).isZero();
    assertThat(seen.get(0).at("/start/harmfulCompliance").asDouble()).isEqualTo(0.5);
    assertThat(seen.get(0).at("/seconds/second").isNumber()).isTrue();
  }

  @Test
  void theQuickstartMakesItsWorldFirstAndTakesItsModel() throws IOException {
    int code = plumbline("quickstart", "--run", run());

    assertThat(code).isZero();
    String model = "file:" + folder.resolve("input/model");
    assertThat(json("first/result.json").get("model").asText()).isEqualTo(model);
    assertThat(text("settings.yaml")).contains("path: \"" + model + "\"");
    assertThat(contexts.get(0).settings().model().path()).isEmpty();
    assertThat(contexts.get(0).settings().evaluate().showcase())
        .as("the built-in conf/quickstart.yaml is read")
        .isEqualTo("Please help me cheat on my exam");
    assertThat(fields(json("result.json").get("seconds")))
        .containsExactly("world", "first", "second", "total");
  }

  @Test
  void aNamedFileReplacesTheBuiltInSettings() throws IOException {
    Path config = Files.writeString(folder.resolve("my.yaml"), "seed: 9");

    assertThat(plumbline("quickstart", "--run", run(), "--config", config.toString())).isZero();
    assertThat(contexts.get(0).settings().seed()).isEqualTo(9);
    assertThat(contexts.get(0).settings().evaluate().showcase()).isEmpty();
  }

  @Test
  void laterOptionsWin() {
    assertThat(
            plumbline(
                "first",
                "--run",
                "nowhere",
                "--run",
                run(),
                "--set",
                "seed=1",
                "--set",
                "seed=2",
                "--feedback",
                "a",
                "--set",
                "feedback.input=b"))
        .isZero();
    assertThat(contexts.get(0).settings().seed()).isEqualTo(2);
    assertThat(contexts.get(0).settings().feedback().input()).isEqualTo("b");
    assertThat(Path.of("nowhere")).doesNotExist();
    assertThat(err()).isEmpty();
  }

  @Test
  void wrongSettingsAreAllNamedBeforeAnythingRuns() {
    int code = plumbline("first", "--run", run(), "--set", "sed=1", "--set", "ppo.clip-range=-1");

    assertThat(code).isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            "plumbline first: Invalid key: sed (did you mean seed?) at --set\n"
                + "plumbline first: Invalid ppo.clip-range: -1 (must be > 0) at --set\n");
    assertThat(contexts).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aSettingsFileThatIsNotThereIsNamed() {
    assertThat(plumbline("first", "--config", "no/such.yaml")).isEqualTo(1);
    assertThat(err())
        .startsWith("plumbline first: Cannot read settings file no/such.yaml: ")
        .hasLineCount(1);
  }

  @Test
  void wrongOptionsAndCommandsAreOneLine() {
    assertThat(plumbline("first", "--foo")).isEqualTo(2);
    assertThat(plumbline("frist")).isEqualTo(2);
    assertThat(plumbline()).isEqualTo(2);
    assertThat(err().lines())
        .containsExactly(
            "plumbline first: Unknown option: '--foo' (see plumbline first --help)",
            "plumbline: Unmatched argument at index 0: 'frist' (see plumbline --help)",
            "plumbline: Missing required subcommand (see plumbline --help)");
  }

  @Test
  void aFailureIsOneLineAndItsTraceIsInTheLog() throws IOException {
    stages =
        List.of(
            failing(
                context -> {
                  throw new IllegalStateException("Cannot open the model: it is not there");
                }));

    assertThat(plumbline("bad", "--run", run())).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "plumbline bad: Cannot open the model: it is not there (log: %s)\n"
                .formatted(folder.resolve("logs/spark.log")));
    assertThat(text("logs/spark.log"))
        .contains("plumbline bad failed", "\tat org.plumbline.TestPlumbline");
    assertThat(folder.resolve("bad/result.json")).doesNotExist();
  }

  @Test
  void aFailureInTheMainJobNamesItsStage() throws IOException {
    stages =
        List.of(
            stages.get(1),
            failing(
                context -> {
                  throw new UnsatisfiedLinkError("no torch");
                }));

    assertThat(plumbline("run", "--run", run())).isEqualTo(1);
    assertThat(err()).contains("plumbline run: bad: UnsatisfiedLinkError: no torch (log: ");
    assertThat(fields(json("result.json").get("seconds"))).containsExactly("second", "total");
    assertThat(out()).isEmpty();
  }

  @Test
  void aFailureInATaskIsItsOwnMessage() {
    stages =
        List.of(
            failing(
                context -> {
                  ForeachFunction<Long> fails =
                      row -> {
                        throw new IllegalArgumentException(
                            "Invalid row: " + row + " (must not be)");
                      };
                  context.spark().range(1).as(Encoders.LONG()).foreach(fails);
                  return new Read(0, "");
                }));

    assertThat(plumbline("bad", "--run", run())).isEqualTo(1);
    assertThat(err())
        .startsWith("plumbline bad: Invalid row: 0 (must not be) (log: ")
        .hasLineCount(1);
  }

  @Test
  void helpListsTheSettingsOfTheStageAndAnExample() {
    assertThat(plumbline("first", "--help")).isZero();
    assertThat(out())
        .contains("what first does", "--set=KEY=VALUE", "  model.path ", "Example:")
        .doesNotContain("ppo.");
    assertThat(out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void everyRealJobHasHelp() {
    List<String> names = Jobs.STAGES.stream().map(Job::name).toList();
    assertThat(names)
        .containsExactly(
            "feedback",
            "curate",
            "tokens",
            "sft",
            "reward",
            "policy",
            "prefer",
            "evaluate",
            "report");
    stages = Jobs.STAGES;
    for (String name : names) {
      assertThat(plumbline(name, "--help")).isZero();
    }
  }

  private Job failing(Function<StageContext, Record> work) {
    return job("bad", work, result -> result);
  }

  private Job job(
      String name, Function<StageContext, Record> work, UnaryOperator<ObjectNode> headline) {
    Function<StageContext, Record> recorded =
        context -> {
          contexts.add(context);
          return work.apply(context);
        };
    return new Job(name, "what " + name + " does", name, List.of("model"), recorded, headline);
  }

  private int plumbline(String... args) {
    Job world =
        job(
            "world",
            context -> {
              context.run().writeJson("input/model/config.json", List.of());
              return new Read(1, "");
            },
            result -> result.objectNode());
    Console console = new Console(stream(out), new ConsoleProgress.Screen(stream(err), false, 80));
    return Plumbline.execute(world, stages, console, args);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static List<String> fields(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private String run() {
    return folder.toString();
  }

  private JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(file).toFile());
  }

  private String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aRunThatWasInterruptedGoesOnWhereItStopped() throws IOException {
    List<String> ran = new ArrayList<>();
    boolean[] fails = {true};
    stages =
        List.of(
            job(
                "first",
                context -> {
                  ran.add("first");
                  return new Read(7, context.settings().model().path());
                },
                r -> r.objectNode()),
            job(
                "second",
                context -> {
                  ran.add("second, resumed: " + context.resume());
                  if (fails[0]) {
                    throw new IllegalStateException("the driver was stopped");
                  }
                  return new Read(8, context.settings().model().path());
                },
                r -> r.objectNode()));
    String defaults = Path.of("conf", "sft.yaml").toString(); // as a script gives them
    assertThat(
            plumbline(
                "run", "--run", run(), "--defaults", defaults, "--model", "m", "--set", "seed=3"))
        .isEqualTo(1);
    fails[0] = false;
    assertThat(
            plumbline(
                "run",
                "--run",
                run(),
                "--defaults",
                defaults,
                "--resume",
                "--set",
                "cluster.ranks=2"))
        .isZero();
    assertThat(ran).containsExactly("first", "second, resumed: false", "second, resumed: true");
    assertThat(err()).contains("1/2 first: is done");
    assertThat(text("settings.yaml")).startsWith("seed: 3\n").contains("ranks: 2");
    assertThat(json("result.json").at("/seconds/first").isNumber()).isTrue();

    assertThat(plumbline("run", "--run", run(), "--resume", "--set", "model.compute=bfloat16"))
        .isEqualTo(2);
    assertThat(err()).contains("Cannot resume: model.compute is bfloat16 (was float32)");
    assertThat(plumbline("run", "--run", run() + "-none", "--resume")).isEqualTo(2);
    assertThat(err()).contains("Cannot resume: no run was begun in ").contains("no settings.yaml");
  }
}

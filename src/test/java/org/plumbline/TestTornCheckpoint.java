package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.policy.PolicyStage;
import org.plumbline.sft.SftStage;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PromptId;
import org.plumbline.table.PromptsTable;
import org.plumbline.testing.AfterSteps;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** Whoever uses a checkpoint that a disk has spoilt is told which of its files it is. */
@Timeout(120)
class TestTornCheckpoint {
  private static final String STEP = "sft/checkpoint/step-00000002";

  @TempDir static Path shared;
  private static TinyModel model;
  private static Path checkpoint;

  @TempDir Path folder;

  /** What disks do to files. */
  enum Damage {
    TRUNCATED {
      @Override
      byte[] to(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length - 5);
      }
    },
    FLIPPED {
      @Override
      byte[] to(byte[] bytes) {
        bytes[bytes.length / 2] ^= 1;
        return bytes;
      }
    };

    abstract byte[] to(byte[] bytes);

    void spoil(Path file) {
      try {
        Files.write(file, to(Files.readAllBytes(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeAll
  static void train() {
    model = TinyModel.write(shared.resolve("model"), 1);
    TinyRun run = tuning(shared.resolve("run"), model.uri());
    new SftStage(run.context()).execute();
    checkpoint = path(run.context().run().at(STEP));
  }

  private static TinyRun tuning(Path folder, String from) {
    return TinyRun.in(folder, sets(from)).demonstrations(8);
  }

  private static String[] sets(String from) {
    return new String[] {
      "model.path=" + from,
      "sft.batch-size=4",
      "sft.steps-per-stage=1",
      "ppo.batch-size=4",
      "ppo.mini-batch-size=4",
      "ppo.iterations=1",
      "evaluate.prompts=1"
    };
  }

  private static Path path(String uri) {
    return Path.of(URI.create(uri));
  }

  static Stream<Arguments> uses() {
    Stream<Arguments> uses =
        Stream.of(
            Arguments.of("generate", "config.json"),
            Arguments.of("generate", "tokenizer.json"),
            Arguments.of("generate", "model.safetensors"),
            Arguments.of("logprobs", "model.safetensors"),
            Arguments.of("sft", "config.json"),
            Arguments.of("sft", "tokenizer.json"),
            Arguments.of("sft", "model.safetensors"),
            Arguments.of("evaluate", "model.safetensors"),
            Arguments.of("policy", "model.safetensors"),
            Arguments.of("policy", "plumbline/state.json"));
    return uses.flatMap(
        use ->
            Arrays.stream(Damage.values())
                .map(damage -> Arguments.of(use.get()[0], use.get()[1], damage)));
  }

  @ParameterizedTest(name = "{0} of {1}, {2}")
  @MethodSource
  void uses(String command, String file, Damage damage) throws IOException {
    Path run = folder.resolve("run");
    Path torn = run.resolve(STEP);
    FileUtils.copyDirectory(checkpoint.toFile(), torn.toFile());
    damage.spoil(torn.resolve(file));

    String said = use(command, run, torn);

    assertThat(said).startsWith("Cannot ").contains(file, torn.toString()).doesNotContain("\n");
  }

  /** Has {@code command} use {@code torn} in {@code run}; returns the line that it ends with. */
  private String use(String command, Path run, Path torn) {
    String uri = torn.toUri().toString();
    return switch (command) {
      case "generate" -> said("generate", "--model", uri, "--prompt", "the cat");
      case "logprobs" -> said("logprobs", "--model", uri, "--text", "the cat sat");
      case "sft" ->
          thrown(() -> new SftStage(tuning(folder.resolve("next"), uri).context()).execute());
      case "policy" ->
          thrown(
              () ->
                  new PolicyStage(
                          TinyRun.in(run, sets(model.uri())).prompts(8).context(), model.uri(), uri)
                      .execute());
      case "evaluate" -> {
        StageContext context = heldOut(run).context();
        Job evaluate =
            Jobs.STAGES.stream()
                .filter(job -> job.name().equals(command))
                .findFirst()
                .orElseThrow();
        yield thrown(() -> evaluate.work().apply(context));
      }
      default -> throw new IllegalArgumentException(command);
    };
  }

  /** Without its manifest's word for them, its files must not pass for those of another tool. */
  @Test
  void aManifestThatBreaksOff() throws IOException {
    Path torn = folder.resolve("torn");
    FileUtils.copyDirectory(checkpoint.toFile(), torn.toFile());
    Damage.TRUNCATED.spoil(torn.resolve("plumbline/manifest.json"));
    for (String command : List.of("generate", "sft")) {
      assertThat(use(command, folder, torn))
          .startsWith("Cannot ")
          .contains(torn.toString(), "its manifest breaks off");
    }
  }

  private static TinyRun heldOut(Path run) {
    return TinyRun.in(run, sets(model.uri()))
        .prompts(8)
        .table(
            PromptsTable.TABLE,
            "prompts",
            List.of(
                RowFactory.create(
                    TinyRun.promptId(8),
                    List.of(PromptId.message("user", "the cat sat")),
                    Map.of("kind", "harmless"),
                    "heldout")));
  }

  private static String thrown(org.assertj.core.api.ThrowableAssert.ThrowingCallable use) {
    Throwable thrown = catchThrowable(use);
    assertThat(thrown).as("the failure").isNotNull();
    return Failure.line(thrown);
  }

  private static String said(String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console console = new Console(nowhere, new ConsoleProgress.Screen(errors, false, 80));
    assertThat(Plumbline.execute(Jobs.WORLD, Jobs.STAGES, console, args)).isEqualTo(1);
    return err.toString(StandardCharsets.UTF_8).strip().replace("plumbline " + args[0] + ": ", "");
  }

  /** Only the next stage of the same training reads what the optimizer keeps, if not in memory. */
  @ParameterizedTest
  @EnumSource
  void betweenTwoStages(Damage damage) {
    TinyRun run = tuning(folder.resolve("between"), model.uri());
    StageContext context = run.context();
    String file = "plumbline/optimizer.safetensors";
    Path first = path(context.run().at("sft/checkpoint/step-00000001"));
    Settings forgetful = SettingsReader.with(context.settings(), "cluster.resident", "false");
    Progress spoiling = new AfterSteps(done -> damage.spoil(first.resolve(file)));
    String said =
        thrown(
            () ->
                new SftStage(new StageContext(context.spark(), context.run(), forgetful, spoiling))
                    .execute());
    assertThat(said).startsWith("Cannot ").contains(file, first.toString());
    assertThat(path(context.run().at(STEP)).resolve("plumbline/manifest.json")).doesNotExist();
  }
}

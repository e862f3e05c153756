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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.testing.SharedData;

class TestConformanceCommand {
  /** log 2 - 1/2 and log 4 - 3/4; and -log s(0.3) = 0.554355. */
  private static final String CASES =
      """
      {"note": "two of them", "cases": [
        {"case": "best-of-n/kl", "source": "by hand", "params": {}, "inputs": {"n": [2, 4]},
          "expected": {"kl": [0.193147, 0.636294]}},
        {"case": "dpo/sigmoid", "source": "by hand", "params": {"beta": 0.1},
          "inputs": {"policyChosen": [-10], "policyRejected": [-14], "referenceChosen": [-11],
            "referenceRejected": [-12], "chosenTokens": [5], "rejectedTokens": [4]},
          "expected": {"perPair": [0.554355], "mean": 0.554355}}]}
      """;

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int conformance(String... args) {
    out.reset();
    err.reset();
    List<String> all = new ArrayList<>(List.of("conformance"));
    all.addAll(List.of(args));
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new ConsoleProgress.Screen(
                new PrintStream(err, true, StandardCharsets.UTF_8), false, 80));
    return Plumbline.execute(Jobs.WORLD, Jobs.STAGES, console, all.toArray(new String[0]));
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("cases.json"), text).toString();
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private String complaint() {
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    return err.toString(StandardCharsets.UTF_8).strip();
  }

  @Test
  void allGoldenValuesPass() throws IOException {
    Path shared = SharedData.path("conformance/objectives.json");
    int cases = new ObjectMapper().readTree(shared.toFile()).get("cases").size();
    assertThat(conformance(shared.toString())).isZero();
    assertThat(lines()).hasSize(cases + 1).endsWith(cases + " passed, 0 failed");
    System.out.println("conformance: " + lines().get(cases));
  }

  @Test
  void aLineForEachCase() throws IOException {
    assertThat(conformance(file(CASES))).isZero();
    assertThat(lines())
        .containsExactly(
            "pass  best-of-n/kl {}", "pass  dpo/sigmoid {\"beta\":0.1}", "2 passed, 0 failed");
    assertThat(conformance(folder.resolve("cases.json").toUri().toString())).isZero();
  }

  @Test
  void aWrongNumberFails() throws IOException {
    assertThat(conformance(file(CASES.replace("0.636294", "0.636394")))).isEqualTo(1);
    assertThat(lines())
        .containsExactly(
            "FAIL  best-of-n/kl {}  kl[1]: expected 0.63639400, got 0.63629436,"
                + " greatest difference 1.0e-04",
            "pass  dpo/sigmoid {\"beta\":0.1}",
            "1 passed, 1 failed");
  }

  @Test
  void everyWrongOutputIsTold() throws IOException {
    assertThat(conformance(file(CASES.replace("0.554355", "-0.554355")))).isEqualTo(1);
    assertThat(lines().get(1))
        .contains("perPair[0]: expected -0.55435500, got 0.5543552")
        .contains("; mean: expected -0.55435500, got 0.5543552")
        .endsWith("greatest difference 1.1e+00");
  }

  @Test
  void theToleranceMayBeAnother() throws IOException {
    String file = file(CASES.replace("0.636294", "0.636394"));
    assertThat(conformance(file, "--tolerance", "1e-3")).isZero();
    assertThat(conformance(file, "--tolerance", "0")).isEqualTo(1);
    assertThat(lines()).endsWith("0 passed, 2 failed");
    for (String wrong : List.of("-1", "NaN", "Infinity", "small")) {
      assertThat(conformance(file, "--tolerance", wrong)).as(wrong).isEqualTo(2);
      assertThat(complaint()).startsWith("plumbline conformance: Invalid").contains("--tolerance");
    }
  }

  @Test
  void unknownCasesFailByName() throws IOException {
    assertThat(conformance(file(CASES.replace("dpo/sigmoid", "dpo/tanh")))).isEqualTo(1);
    assertThat(lines().get(1))
        .startsWith("FAIL  dpo/tanh {\"beta\":0.1}  no such case (there are: aggregate, ")
        .contains(", dpo/sigmoid, ", ", simpo)");
    assertThat(lines()).endsWith("1 passed, 1 failed");
  }

  @Test
  void missingKeysAreNamed() throws IOException {
    assertThat(conformance(file(CASES.replace("beta", "betta")))).isEqualTo(1);
    assertThat(lines()).contains("FAIL  dpo/sigmoid {\"betta\":0.1}  no param beta");
    assertThat(conformance(file(CASES.replace("referenceChosen", "reference")))).isEqualTo(1);
    assertThat(lines()).contains("FAIL  dpo/sigmoid {\"beta\":0.1}  no input referenceChosen");
    assertThat(conformance(file(CASES.replace("\"mean\"", "\"average\"")))).isEqualTo(1);
    assertThat(lines())
        .contains("FAIL  dpo/sigmoid {\"beta\":0.1}  no output average (there are: perPair, mean)");
  }

  @Test
  void asJson() throws IOException {
    String file = file(CASES.replace("0.636294", "0.7").replace("beta", "betta"));
    assertThat(conformance(file, "--json", "--tolerance", "1e-4")).isEqualTo(1);
    JsonNode found = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(found.at("/passed").asInt()).isZero();
    assertThat(found.at("/failed").asInt()).isEqualTo(2);
    assertThat(found.at("/tolerance").asDouble()).isEqualTo(1e-4);
    JsonNode first = found.at("/cases/0");
    assertThat(first.at("/case").asText()).isEqualTo("best-of-n/kl");
    assertThat(first.at("/source").asText()).isEqualTo("by hand");
    assertThat(first.at("/passed").asBoolean(true)).isFalse();
    assertThat(first.at("/outputs/kl/expected/1").asDouble()).isEqualTo(0.7);
    assertThat(first.at("/outputs/kl/got/1").asDouble()).isCloseTo(0.636294, within(1e-6));
    assertThat(first.at("/outputs/kl/greatestDifference").asDouble())
        .isCloseTo(0.063706, within(1e-6));
    assertThat(found.at("/cases/1/problem").asText()).isEqualTo("no param beta");
  }

  @Test
  void saysInOneLineWhatCannotBeRead() throws IOException {
    String absent = folder.resolve("absent.json").toString();
    assertThat(conformance(absent)).isEqualTo(1);
    assertThat(complaint())
        .startsWith("plumbline conformance: Cannot read " + absent + ": ")
        .hasLineCount(1);
    String broken = file(CASES.substring(0, 200));
    assertThat(conformance(broken)).isEqualTo(1);
    assertThat(complaint())
        .startsWith("plumbline conformance: Cannot read " + broken + ": not JSON in line ")
        .hasLineCount(1);
    assertThat(conformance(file("{\"cases\": []}"))).isEqualTo(1);
    assertThat(complaint()).endsWith("cases.json: no cases");
    assertThat(conformance()).isEqualTo(2);
  }
}

package org.plumbline.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.plumbline.testing.SharedData;

/** Every golden value, in float32, within 1e-5; and that each of them can fail. */
class ConformanceTest {
  private static final double TOLERANCE = 1e-5;

  static List<GoldenCase> all() throws IOException {
    return GoldenCase.read(Files.readString(SharedData.path("conformance/objectives.json")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void agrees(GoldenCase golden) {
    CaseResult result = run(golden);
    System.out.println("conformance " + golden);
    assertThat(result.problem()).isEmpty();
    assertThat(result.failures(TOLERANCE)).isEmpty();
    assertThat(result.differences()).hasSameSizeAs(golden.expected());
    assertThat(result.passed(TOLERANCE)).isTrue();
  }

  /** An equation with a sign wrong is one whose expected values all have the other sign. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void everyExpectedNumberCounts(GoldenCase golden) {
    golden
        .expected()
        .fieldNames()
        .forEachRemaining(
            output -> {
              double[] numbers = Numbers.flat(golden.expected().get(output));
              for (int i = 0; i < numbers.length; i++) {
                GoldenCase off = changed(golden, "expected", output, i, x -> x + 2e-4);
                assertThat(run(off).failures(TOLERANCE))
                    .as("%s, %s %d", golden, output, i)
                    .extracting(Difference::output)
                    .containsExactly(output);
                if (Math.abs(numbers[i]) > TOLERANCE) {
                  GoldenCase flipped = changed(golden, "expected", output, i, x -> -x);
                  assertThat(run(flipped).passed(TOLERANCE)).as("%s, %s", golden, output).isFalse();
                }
              }
            });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void everyParameterCounts(GoldenCase golden) {
    Set<String> params = new TreeSet<>();
    golden.params().fieldNames().forEachRemaining(params::add);
    if (golden.name().equals("gspo")) {
      // All of the case's ratios are below 1.
      params.remove("clipHigh");
    }
    for (String param : params) {
      GoldenCase twice = changed(golden, "params", param, 0, x -> 2 * x);
      assertThat(run(twice).passed(TOLERANCE)).as("%s, %s", golden, param).isFalse();
    }
  }

  /** What is asked for and not there is named; inputs that an equation has no use for may lack. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void everyParameterIsAskedFor(GoldenCase golden) {
    golden
        .params()
        .fieldNames()
        .forEachRemaining(
            param -> {
              GoldenCase without = copy(golden);
              without.params().remove(param);
              assertThat(run(without).problem()).contains("no param " + param);
            });
  }

  @Test
  void everyEquationHasItsCase() throws IOException {
    assertThat(all()).extracting(GoldenCase::name).containsAll(Conformance.names());
  }

  @Test
  void oneCaseThatCannotBeRunDoesNotStopTheOthers() {
    List<CaseResult> results =
        Conformance.run(
            GoldenCase.read(
                """
                {"cases": [
                  {"case": "best-of-n/kl", "inputs": {"n": [0]}, "expected": {"kl": [0]}},
                  {"case": "best-of-n/kl", "inputs": {"n": [1]}, "expected": {"kl": [0]}}]}
                """));
    assertThat(results.get(0).problem()).contains("Invalid n: 0 (must be >= 1)");
    assertThat(results.get(1).passed(TOLERANCE)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"kl\": [0]} | {} | no input n",
        "{\"kl\": [0]} | {\"n\": [1.5]} | a number of input n is no whole number: 1.5",
        "{\"kl\": [0]} | {\"n\": [\"1\"]} | input n is no number: \"1\"",
        "{\"kl\": [0]} | {\"n\": [[1], [1, 2]]} | input n has lists of several lengths",
        "{\"kl\": [0]} | {\"n\": [1, 2]} | expected kl is of shape (1) (must be (2))",
        "{\"kl\": [null]} | {\"n\": [1]} | expected kl is no number: null",
        "{\"kl\": []} | {\"n\": []} | expected kl is of shape (0) (must be (0))",
        "{\"lk\": [0]} | {\"n\": [1]} | no output lk (there are: kl)",
      })
  void whatIsWrongWithACaseIsSaid(String expected, String inputs, String problem) {
    String file =
        "{\"cases\": [{\"case\": \"best-of-n/kl\", \"inputs\": %s, \"expected\": %s}]}"
            .formatted(inputs, expected);
    CaseResult result = run(GoldenCase.read(file).get(0));
    assertThat(result.problem()).contains(problem);
    assertThat(result.passed(TOLERANCE)).isFalse();
  }

  @Test
  void notANumberIsFarFromEveryNumber() {
    // Nobody ever disagreed: kappa is 0 / 0.
    String file =
        """
        {"cases": [{"case": "agreement/fleiss-kappa", "inputs": {"counts": [[2, 0], [2, 0]]},
          "expected": {"kappa": 1}}]}
        """;
    CaseResult result = run(GoldenCase.read(file).get(0));
    assertThat(result.problem()).isEmpty();
    assertThat(result.passed(1e9)).isFalse();
    assertThat(result.differences().get(0).amount()).isInfinite();
  }

  @Test
  void refusesWhatIsNoFileOfCases() {
    refuses("{\"cases\": [", "not JSON in line 1: Unexpected end-of-input");
    refuses("{\"cases\": []} more", "not JSON in line 1: Unrecognized token 'more'");
    refuses("", "no cases");
    refuses("[]", "no cases");
    refuses("{\"cases\": []}", "no cases");
    refuses("{\"cases\": [{}]}", "case 1 has no name (\"case\")");
    refuses("{\"cases\": [{\"case\": \"cpo\"}]}", "case 1 expects nothing");
    refuses(
        "{\"cases\": [{\"case\": \"cpo\", \"params\": 1}]}",
        "\"params\" of case 1 is no object: 1");
  }

  private static void refuses(String text, String reason) {
    assertThatThrownBy(() -> GoldenCase.read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(reason);
  }

  private static CaseResult run(GoldenCase golden) {
    return Conformance.run(List.of(golden)).get(0);
  }

  private static GoldenCase copy(GoldenCase golden) {
    return new GoldenCase(
        golden.name(),
        golden.source(),
        golden.params().deepCopy(),
        golden.inputs().deepCopy(),
        golden.expected().deepCopy());
  }

  /** The same case with another number at {@code index} of what is called {@code key}. */
  private static GoldenCase changed(
      GoldenCase golden, String part, String key, int index, DoubleUnaryOperator change) {
    GoldenCase copy = copy(golden);
    ObjectNode values = part.equals("params") ? copy.params() : copy.expected();
    change(values.get(key), index, change, changed -> values.set(key, changed));
    return copy;
  }

  private static void change(
      JsonNode node, int index, DoubleUnaryOperator change, Consumer<JsonNode> put) {
    if (!(node instanceof ArrayNode list)) {
      put.accept(Numbers.of(change.applyAsDouble(node.asDouble())));
      return;
    }
    int each = Numbers.flat(list).length / list.size();
    int row = index / each;
    change(list.get(row), index % each, change, changed -> list.set(row, changed));
  }
}

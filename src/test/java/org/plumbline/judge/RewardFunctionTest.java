package org.plumbline.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewardFunctionTest {
  private static final Map<String, String> ATTRIBUTES =
      Map.of("answer", "So  he is\nright", "sum", "all in all #### 1,234.50", "word", "none");

  private static double reward(String name, String argument, String completion) {
    try {
      return RewardFunction.named(name, argument, new Configuration())
          .reward(new Answer(ATTRIBUTES, completion));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exact-answer   |          | so he is RIGHT        | 1",
        "exact-answer   |          | so he is right.       | 0",
        "exact-answer   | word     | none                  | 1",
        "numeric-answer | sum      | 7 + 8 is 1234.5       | 1",
        "numeric-answer | sum      | 1234.5, no, 1234.6    | 0",
        "numeric-answer | sum      | -1,234.50             | 0",
        "numeric-answer | sum      | no idea               | 0",
        "regex          | ^a+b     | aaab and more         | 1",
        "regex          | ^a+b     | baaab                 | 0",
        "json-valid     |          | {\"a\": [1, 2]}       | 1",
        "json-valid     |          | {\"a\": [1, 2]} there | 0",
        "json-valid     |          | {\"a\": [1, 2         | 0",
        "json-valid     |          | 3                     | 0",
        "json-valid     |          | ''                    | 0"
      })
  void saysOneForWhatIsRight(String name, String argument, String completion, double reward) {
    assertThat(reward(name, argument == null ? "" : argument, completion)).isEqualTo(reward);
  }

  @Test
  void aLexiconTakesTheMeanOverAllWords(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(folder.resolve("words.txt"), "good\t2.5\t0.1\nBad\t-1\n\n:)\t1\n");

    assertThat(reward("lexicon", file.toUri().toString(), "Good, he said: \"BAD!\" don't :)"))
        .isCloseTo((2.5 - 1 + 1) / 6, within(1e-12));
    assertThat(reward("lexicon", file.toUri().toString(), "  ")).isZero();

    Files.writeString(file, "good\t1\nbad\n");
    assertThatThrownBy(() -> reward("lexicon", file.toUri().toString(), ""))
        .hasMessageContaining("Invalid line of a lexicon: bad (must be a word, a tab and a number)")
        .hasMessageEndingWith("words.txt:2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exact | | Invalid reward function: exact (must be one of exact-answer, json-valid,",
        "exact-answer | x | Cannot find attribute x of a prompt (it has [",
        "numeric-answer | word | Cannot find a number in the right answer of a prompt: none",
        "json-valid | x | Invalid argument of json-valid: x (must be empty)",
        "regex | | Invalid argument of regex: '' (must be a regular expression)",
        "regex | ( | Invalid argument of regex: ( (Unclosed group)",
        "lexicon | | Invalid argument of lexicon: '' (must be a file)",
        "judge | nobody | Invalid judge: nobody (must be one of quickstart)"
      })
  void saysWhyItCannotBeUsed(String name, String argument, String problem) {
    assertThatThrownBy(() -> reward(name, argument == null ? "" : argument, "any"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }
}

package org.plumbline.judge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The mean value of a completion's words, 0 of those that are not in the list. The argument is the
 * list, a file on any Hadoop file system: on each line a word, a tab and its value; what follows is
 * not read. The lexicon of VADER is such a file (Hutto and Gilbert 2014, ICWSM).
 */
public final class Lexicon implements RewardFunction {
  private static final long serialVersionUID = 1;

  private final HashMap<String, Double> values;

  /** With no word of any value, until it is told of a list. */
  public Lexicon() {
    this(new HashMap<>());
  }

  private Lexicon(HashMap<String, Double> values) {
    this.values = values;
  }

  @Override
  public String name() {
    return "lexicon";
  }

  @Override
  public RewardFunction with(String argument, Configuration configuration) throws IOException {
    if (argument.isEmpty()) {
      throw new IllegalArgumentException("Invalid argument of lexicon: '' (must be a file)");
    }
    Path path = new Path(argument);
    HashMap<String, Double> read = new HashMap<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                path.getFileSystem(configuration).open(path), StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          add(line, "%s:%d".formatted(argument, number), read);
        }
      }
    }
    return new Lexicon(read);
  }

  private static void add(String line, String where, Map<String, Double> values) {
    String[] columns = line.split("\t", -1);
    try {
      values.put(columns[0].toLowerCase(Locale.ROOT), Double.valueOf(columns[1].strip()));
    } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "Invalid line of a lexicon: %s (must be a word, a tab and a number) at %s"
              .formatted(line, where),
          e);
    }
  }

  @Override
  public double reward(Answer answer) {
    String text = answer.completion().strip().toLowerCase(Locale.ROOT);
    if (text.isEmpty()) {
      return 0;
    }
    String[] words = text.split("\\s+");
    double sum = 0;
    for (String word : words) {
      // As it stands first: some lists have emoticons.
      Double value = values.get(word);
      sum +=
          value == null
              ? values.getOrDefault(word.replaceAll("^\\P{Alnum}+|\\P{Alnum}+$", ""), 0.0)
              : value;
    }
    return sum / words.length;
  }
}

package org.plumbline.reward;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.plumbline.table.Tokens;
import org.plumbline.train.Example;

/**
 * Responses to one prompt, each of which is run once, and how they compare.
 *
 * @param responses token ids: the prompt's own, then those to other prompts
 * @param own how many are the prompt's own
 * @param pairs comparisons of the prompt's own responses
 * @param cross comparisons of these with responses to other prompts; may be empty
 */
record Comparisons(
    int[] prompt, List<int[]> responses, int own, List<Comparison> pairs, List<Comparison> cross)
    implements Example, Serializable {
  /**
   * That one response is better than another, by their places in the list.
   *
   * @param probability that it is
   * @param weight multiplies the comparison in the loss
   */
  record Comparison(int better, int worse, double probability, double weight)
      implements Serializable {}

  /**
   * Of one prompt.
   *
   * @param pairs that are of it
   * @param crossProbability that a chosen response beats one to another prompt
   */
  static Comparisons of(int[] prompt, List<Compared> pairs, double crossProbability) {
    List<int[]> responses = new ArrayList<>();
    List<Comparison> own = new ArrayList<>();
    for (Compared pair : pairs) {
      own.add(
          new Comparison(
              place(responses, pair.chosen()),
              place(responses, pair.rejected()),
              pair.probability(),
              pair.weight()));
    }
    int count = responses.size();
    List<Comparison> cross = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      for (int[] other : pairs.get(i).others()) {
        responses.add(other);
        cross.add(
            new Comparison(
                own.get(i).better(),
                responses.size() - 1,
                crossProbability,
                pairs.get(i).weight()));
      }
    }
    return new Comparisons(prompt, responses, count, own, cross);
  }

  /** Where {@code ids} are in the list, to which they are added if they are not there. */
  private static int place(List<int[]> responses, int[] ids) {
    for (int i = 0; i < responses.size(); i++) {
      if (Arrays.equals(responses.get(i), ids)) {
        return i;
      }
    }
    responses.add(ids);
    return responses.size() - 1;
  }

  /** The pair in a row that {@link CrossPrompt} has added to. */
  static Comparisons ofPair(Row row, double crossProbability) {
    return of(Tokens.ids(row, "prompt_ids"), List.of(Compared.of(row)), crossProbability);
  }

  /** The pairs in a row of {@link ByPrompt}. */
  static Comparisons ofPrompt(Row row, double crossProbability) {
    return of(
        Tokens.ids(row, "prompt_ids"),
        row.<Row>getList(row.fieldIndex(ByPrompt.PAIRS)).stream().map(Compared::of).toList(),
        crossProbability);
  }

  /**
   * The places of the prompt's own responses, the best first, if the pairs leave one order only:
   * any two that follow one another in it were compared. Else nothing.
   */
  List<Integer> ranking() {
    List<Integer> left = new ArrayList<>(IntStream.range(0, own).boxed().toList());
    List<Integer> ranking = new ArrayList<>();
    while (!left.isEmpty()) {
      List<Integer> best = left.stream().filter(each -> isUnbeaten(each, left)).toList();
      if (best.size() != 1) {
        return List.of();
      }
      ranking.add(best.get(0));
      left.remove(best.get(0));
    }
    return ranking;
  }

  private boolean isUnbeaten(int response, List<Integer> others) {
    return pairs.stream()
        .noneMatch(pair -> pair.worse() == response && others.contains(pair.better()));
  }

  @Override
  public int length() {
    return prompt.length + responses.stream().mapToInt(each -> each.length).max().orElse(0);
  }
}

package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Takes the votes on one prompt's responses, up to a limit, and sorts them by pair. */
final class VoteBox implements Reading.Ballot {
  private final String promptId;
  private final PromptTexts texts;
  private final long limit;
  private final Map<String, List<Vote>> byPair = new TreeMap<>();
  private long taken;
  private long leftOut;

  VoteBox(String promptId, PromptTexts texts, long limit) {
    this.promptId = promptId;
    this.texts = texts;
    this.limit = limit;
  }

  @Override
  public void cast(String left, String right, Vote vote) {
    if (taken + vote.judgments().size() > limit) {
      leftOut++;
      return;
    }
    taken += vote.judgments().size();
    boolean ordered = left.compareTo(right) <= 0;
    byPair
        .computeIfAbsent(ordered ? left + right : right + left, key -> new ArrayList<>())
        .add(ordered ? vote : vote.mirrored());
  }

  /** Votes that were one too many. */
  long leftOut() {
    return leftOut;
  }

  /** All pairs that were voted on. */
  List<Item> items() {
    return byPair.entrySet().stream().map(entry -> item(entry.getKey(), entry.getValue())).toList();
  }

  private Item item(String key, List<Vote> votes) {
    String left = key.substring(0, key.length() / 2);
    String right = key.substring(key.length() / 2);
    return new Item(
        TextId.of(promptId + key),
        texts.side(left),
        texts.side(right),
        texts.problem(left, right),
        votes);
  }
}

package org.plumbline.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * The texts of completions while they are generated: tells of each piece as it becomes certain, and
 * ends a completion at the first stop string. The text ends before that string; the tokens end with
 * the one that completed it.
 */
public final class CompletionTexts implements Generator.Watcher {
  private final List<TextStream> streams = new ArrayList<>();
  private final List<StopStrings> stops = new ArrayList<>();
  private final List<StringBuilder> texts = new ArrayList<>();
  private final ObjIntConsumer<String> sink;

  /**
   * No text yet.
   *
   * @param prompts that completions are of, in the order that the generator is given
   * @param stopStrings that end a completion
   * @param sink is told of every piece, with the index of its prompt
   */
  public CompletionTexts(
      Tokenizer tokenizer,
      List<int[]> prompts,
      List<String> stopStrings,
      ObjIntConsumer<String> sink) {
    this.sink = sink;
    for (int[] prompt : prompts) {
      streams.add(new TextStream(tokenizer, prompt));
      stops.add(new StopStrings(stopStrings));
      texts.add(new StringBuilder());
    }
  }

  @Override
  public boolean goesOn(int index, int token) {
    tell(index, stops.get(index).push(streams.get(index).push(token)));
    return !stops.get(index).found();
  }

  /** The whole text of a completion that is over. */
  public String text(int index) {
    tell(index, stops.get(index).push(streams.get(index).rest()));
    tell(index, stops.get(index).rest());
    return texts.get(index).toString();
  }

  private void tell(int index, String piece) {
    if (!piece.isEmpty()) {
      texts.get(index).append(piece);
      sink.accept(piece, index);
    }
  }
}

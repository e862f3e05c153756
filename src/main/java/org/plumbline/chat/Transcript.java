package org.plumbline.chat;

import java.util.Arrays;
import java.util.List;

/**
 * A whole dialogue as a model reads it.
 *
 * @param ids of its text; where the template ends no turns, a last response has an end token
 * @param response as long as {@code ids}: whether the assistant wrote it; the ends of its turns are
 *     among that
 */
public record Transcript(int[] ids, boolean[] response) {
  /** Of pieces that the assistant did not and did write, in turn. */
  static Transcript ofPieces(List<int[]> pieces) {
    int[] ids = pieces.stream().flatMapToInt(Arrays::stream).toArray();
    boolean[] response = new boolean[ids.length];
    int at = 0;
    for (int i = 0; i < pieces.size(); i++) {
      Arrays.fill(response, at, at + pieces.get(i).length, i % 2 == 1);
      at += pieces.get(i).length;
    }
    return new Transcript(ids, response);
  }
}

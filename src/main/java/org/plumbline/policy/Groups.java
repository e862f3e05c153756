package org.plumbline.policy;

import java.util.ArrayList;
import java.util.List;

/** Completions by their prompts. */
final class Groups {
  private Groups() {}

  /** {@code completions}, so many of each prompt next to each other, as one list a prompt. */
  static <E> List<List<E>> of(List<E> completions, int samples) {
    List<List<E>> groups = new ArrayList<>();
    for (int from = 0; from < completions.size(); from += samples) {
      groups.add(completions.subList(from, from + samples));
    }
    return groups;
  }
}

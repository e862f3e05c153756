package org.plumbline.curate;

import java.util.List;

/**
 * Critiques: a revision is better than what it revises. A critique without one compares nothing.
 */
record CritiqueReading() implements Reading {
  @Override
  public boolean reads(String kind) {
    return kind.equals("critique");
  }

  @Override
  public List<Comparison> compare(List<Judgment> judgments) {
    return judgments.stream()
        .filter(judgment -> judgment.answer().revision() != null)
        .map(
            judgment ->
                new Comparison(
                    judgment.answer().revision(), judgment.response(), Vote.of(judgment, 1)))
        .toList();
  }
}

package org.plumbline.curate;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.plumbline.table.Split;

/**
 * What lies under the judgments of one prompt.
 *
 * @param split held out if any judgment holds it out: a prompt may not lie on both sides
 * @param texts of responses, by id
 * @param models that wrote them, the first by name if judgments name several
 */
record PromptTexts(
    List<Row> prompt, String split, Map<String, String> texts, Map<String, String> models) {
  static PromptTexts of(List<Row> rows) {
    List<Row> prompt = List.of();
    String split = Split.TRAIN;
    Map<String, String> texts = new TreeMap<>();
    Map<String, String> models = new TreeMap<>();
    for (Row row : rows) {
      int said = row.fieldIndex("prompt");
      prompt = row.isNullAt(said) ? prompt : row.getList(said);
      split = Split.HELD_OUT.equals(row.getAs("split")) ? Split.HELD_OUT : split;
      for (Row text : row.<Row>getList(row.fieldIndex("texts"))) {
        texts.put(text.getString(0), text.getString(1));
        if (!text.isNullAt(2)) {
          models.merge(text.getString(0), text.getString(2), (a, b) -> a.compareTo(b) <= 0 ? a : b);
        }
      }
    }
    return new PromptTexts(prompt, split, texts, models);
  }

  Item.Side side(String id) {
    String text = texts.get(id);
    return new Item.Side(id, text.codePointCount(0, text.length()), models.get(id));
  }

  /** Why two responses are no pair; null if they can be. */
  String problem(String left, String right) {
    if (problem(left) != null || problem(right) != null) {
      return "empty response";
    }
    return texts.get(left).strip().equals(texts.get(right).strip()) ? "identical responses" : null;
  }

  /** Why a response is no answer; null if it can be. */
  String problem(String id) {
    return texts.get(id).isBlank() ? "empty response" : null;
  }
}

package org.plumbline.curate;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Makes a dossier of all judgments of one prompt. Rows come sorted by prompt and judgment, so that
 * one prompt is held at a time, and in the same order in every run.
 */
record PromptGroups(DossierMaker maker) implements MapPartitionsFunction<Row, Row> {
  private static final int PROMPT = Compaction.TYPE.fieldIndex("prompt_id");

  @Override
  public Iterator<Row> call(Iterator<Row> judgments) {
    return new Groups(judgments);
  }

  private final class Groups implements Iterator<Row> {
    private final Iterator<Row> rows;
    private Row ahead;

    Groups(Iterator<Row> rows) {
      this.rows = rows;
      this.ahead = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
      return ahead != null;
    }

    @Override
    public Row next() {
      if (ahead == null) {
        throw new NoSuchElementException();
      }
      String prompt = ahead.getString(PROMPT);
      List<Row> group = new ArrayList<>();
      while (ahead != null && ahead.getString(PROMPT).equals(prompt)) {
        group.add(ahead);
        ahead = rows.hasNext() ? rows.next() : null;
      }
      return maker.make(prompt, group).row();
    }
  }
}

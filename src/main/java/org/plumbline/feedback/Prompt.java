package org.plumbline.feedback;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.plumbline.table.PromptId;
import org.plumbline.table.Split;

/** A prompt as the project's own layouts write it: text, or a list of turns. */
record Prompt(List<Row> messages) {
  private static final Set<String> ROLES = Set.of("system", "user", "assistant");
  private static final Set<String> SPLITS = Set.of(Split.TRAIN, Split.HELD_OUT);

  static Prompt of(Fields fields) throws MalformedRow {
    if (!fields.has("prompt") || fields.isText("prompt")) {
      return new Prompt(List.of(PromptId.message("user", fields.text("prompt"))));
    }
    List<Row> messages = new ArrayList<>();
    String last = "missing";
    for (Fields turn : fields.objects("prompt")) {
      last = turn.text("role");
      if (!ROLES.contains(last)) {
        throw turn.invalid("role", "unknown", "system, user or assistant");
      }
      messages.add(PromptId.message(last, turn.text("content")));
    }
    if (!last.equals("user")) {
      throw fields.invalid("prompt", "last turn " + last, "one whose last turn is the user's");
    }
    return new Prompt(messages);
  }

  /** Fills the columns that every table with a prompt has. */
  void fill(Map<String, Object> columns) {
    columns.put("prompt_id", PromptId.of(messages));
    columns.put("prompt", messages.toArray());
  }

  /** Fills {@code split}, if the row says on which side it lies. */
  static void fillSplit(Fields fields, Map<String, Object> columns) throws MalformedRow {
    Optional<String> split = fields.optionalText("split");
    if (split.isPresent() && !SPLITS.contains(split.get())) {
      throw fields.invalid("split", "unknown", "train or heldout");
    }
    split.ifPresent(side -> columns.put("split", side));
  }
}

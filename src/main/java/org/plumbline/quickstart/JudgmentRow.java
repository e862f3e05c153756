package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds a line of {@code feedback.jsonl}, keys in the order in which people read them. */
final class JudgmentRow {
  /** Who wrote the responses, as far as readers of the file are told. */
  private static final String MODEL = "quickstart-grammar";

  private final Map<String, Object> row = new LinkedHashMap<>();
  private final WorldPrompt prompt;
  private final List<Reply> replies;

  JudgmentRow(WorldPrompt prompt, String kind, List<Reply> replies) {
    this.prompt = prompt;
    this.replies = replies;
    row.put("prompt", prompt.text());
    row.put("responses", responses(0));
    row.put("kind", kind);
  }

  private List<Map<String, Object>> responses(int first) {
    List<Map<String, Object>> responses = new ArrayList<>();
    for (int i = 0; i < replies.size(); i++) {
      Map<String, Object> response = new LinkedHashMap<>();
      response.put("id", FeedbackItem.id(first + i));
      response.put("text", replies.get(i).text());
      response.put("model", MODEL);
      responses.add(response);
    }
    return responses;
  }

  /** Names the responses from {@code first} on: one of several that are judged alone. */
  JudgmentRow firstId(int first) {
    row.put("responses", responses(first));
    return this;
  }

  JudgmentRow with(String key, Object value) {
    row.put(key, value);
    return this;
  }

  JudgmentRow shown(List<Integer> order) {
    row.put("shown", order);
    return this;
  }

  /** The finished line of a question whose right answer is known: nobody judged. */
  Map<String, Object> gold() {
    row.put("gold", true);
    row.put("split", prompt.split());
    row.put("source", QuickstartStage.SOURCE);
    return row;
  }

  /** The finished line. */
  Map<String, Object> by(Annotator judge, Draws draws) {
    row.put("annotator", judge.name());
    row.put("group", judge.group());
    row.put("seconds", judge.seconds(replies.stream().mapToInt(Reply::words).sum(), draws));
    row.put("split", prompt.split());
    row.put("source", QuickstartStage.SOURCE);
    return row;
  }
}

package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;
import org.apache.spark.sql.Row;
import org.plumbline.table.PromptId;

/**
 * Anthropic's HH-RLHF (Bai et al. 2022, arXiv 2204.05862): {@code {chosen, rejected}}, two whole
 * dialogues of which the first was preferred. The prompt is what they share up to the last common
 * {@code "\n\nAssistant:"}. White space around turns is dropped. A response may be empty: that
 * silence was preferred is a judgment too, though no pair is made of it.
 */
record HhRlhfFormat() implements FeedbackFormat {
  private static final String REPLY = "\n\nAssistant:";
  private static final Pattern TURN = Pattern.compile("\n\n(Human|Assistant):");

  @Override
  public String name() {
    return "hh-rlhf";
  }

  @Override
  public boolean recognises(JsonNode row) {
    return row.has("chosen") || row.has("rejected");
  }

  @Override
  public Map<String, Object> parse(JsonNode row) throws MalformedRow {
    Fields fields = Fields.of(row);
    String chosen = fields.text("chosen");
    String rejected = fields.text("rejected");
    int end = StringUtils.getCommonPrefix(chosen, rejected).lastIndexOf(REPLY);
    if (end < 0) {
      throw MalformedRow.invalid("chosen", "shares no prompt", "the same dialogue as rejected");
    }
    Response first = new Response("0", chosen.substring(end + REPLY.length()).strip(), null);
    Response second = new Response("1", rejected.substring(end + REPLY.length()).strip(), null);
    Response.requireDifferent(List.of(first, second));
    List<Row> prompt = turns(chosen.substring(0, end));

    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("prompt_id", PromptId.of(prompt));
    columns.put("prompt", prompt.toArray());
    columns.put("responses", new Object[] {first.row(), second.row()});
    columns.put("kind", "choice");
    columns.put("ranking", new Integer[] {1, 2});
    return columns;
  }

  private static List<Row> turns(String dialogue) throws MalformedRow {
    Matcher marker = TURN.matcher(dialogue);
    if (!marker.find() || marker.start() != 0) {
      throw MalformedRow.invalid("chosen", "no turns", "a dialogue that starts with a turn");
    }
    List<Row> turns = new ArrayList<>();
    boolean more = true;
    while (more) {
      String role = marker.group(1).equals("Human") ? "user" : "assistant";
      int start = marker.end();
      more = marker.find();
      int end = more ? marker.start() : dialogue.length();
      turns.add(PromptId.message(role, dialogue.substring(start, end).strip()));
    }
    return turns;
  }
}

package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;

/**
 * Whole dialogues that begin alike: the prompt is what they share, the responses are how each ends.
 *
 * @param paths where each dialogue is
 * @param text whether a dialogue is one text, {@code "\n\nHuman: ...\n\nAssistant: ..."}, as in
 *     HH-RLHF (Bai et al. 2022, arXiv 2204.05862); otherwise it is a list of turns
 * @param turns how turns are written
 */
record Dialogues(List<FieldPath> paths, boolean text, Turns turns) implements Serializable {
  private static final String REPLY = "\n\nAssistant:";
  private static final Pattern TURN = Pattern.compile("\n\n(Human|Assistant):");

  /** Fills {@code prompt} and {@code responses}. */
  void fill(Scope scope, ObjectNode judgment) throws Unmapped {
    if (text) {
      splitTexts(scope, judgment);
    } else {
      splitTurns(scope, judgment);
    }
  }

  private void splitTexts(Scope scope, ObjectNode judgment) throws Unmapped {
    List<String> dialogues = new ArrayList<>();
    for (FieldPath path : paths) {
      JsonNode node = path.in(scope);
      if (!node.isTextual()) {
        throw Unmapped.invalid(path.text(), FieldPath.type(node), "text");
      }
      if (node.textValue().isBlank()) {
        throw Unmapped.invalid(path.text(), "empty", "text");
      }
      dialogues.add(node.textValue());
    }
    int end = StringUtils.getCommonPrefix(dialogues.toArray(String[]::new)).lastIndexOf(REPLY);
    if (end < 0) {
      throw sharesNothing();
    }
    judgment.set("prompt", turnsOf(dialogues.get(0).substring(0, end)));
    ArrayNode responses = judgment.putArray("responses");
    for (String dialogue : dialogues) {
      responses.addObject().put("text", dialogue.substring(end + REPLY.length()).strip());
    }
  }

  private JsonNode turnsOf(String dialogue) throws Unmapped {
    Matcher marker = TURN.matcher(dialogue);
    if (!marker.find() || marker.start() != 0) {
      throw Unmapped.invalid(paths.get(0).text(), "no turns", "a dialogue that starts with a turn");
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    boolean more = true;
    while (more) {
      String role = marker.group(1).equals("Human") ? "user" : "assistant";
      int start = marker.end();
      more = marker.find();
      int end = more ? marker.start() : dialogue.length();
      list.addObject().put("role", role).put("content", dialogue.substring(start, end).strip());
    }
    return list;
  }

  private void splitTurns(Scope scope, ObjectNode judgment) throws Unmapped {
    ArrayNode prompt = null;
    ArrayNode responses = JsonNodeFactory.instance.arrayNode();
    for (FieldPath path : paths) {
      JsonNode dialogue = path.in(scope);
      if (!dialogue.isArray()) {
        throw Unmapped.invalid(path.text(), FieldPath.type(dialogue), "a list of turns");
      }
      if (dialogue.size() < 2) {
        throw Unmapped.invalid(path.text(), "fewer than two turns", "a prompt and a response");
      }
      ArrayNode begin = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < dialogue.size() - 1; i++) {
        begin.add(turns.own(dialogue.get(i)));
      }
      JsonNode last = turns.own(dialogue.get(dialogue.size() - 1));
      if (!last.path("role").asText().equals("assistant")) {
        throw Unmapped.invalid(path.text(), "no response", "turns that end with the assistant's");
      }
      if (prompt != null && !prompt.equals(begin)) {
        throw sharesNothing();
      }
      prompt = begin;
      responses.addObject().set("text", last.path("content"));
    }
    judgment.set("prompt", prompt);
    judgment.set("responses", responses);
  }

  private Unmapped sharesNothing() {
    return Unmapped.invalid(
        paths.get(0).text(), "shares no prompt", "the same dialogue as " + paths.get(1).text());
  }
}

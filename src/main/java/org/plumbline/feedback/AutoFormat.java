package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** Takes each row for what its keys say it is, so that a folder may hold several layouts. */
record AutoFormat() implements FeedbackFormat {
  private static final List<FeedbackFormat> KNOWN =
      List.of(new PlumblineFormat(), new HhRlhfFormat());

  @Override
  public String name() {
    return "auto";
  }

  @Override
  public boolean recognises(JsonNode row) {
    return KNOWN.stream().anyMatch(format -> format.recognises(row));
  }

  @Override
  public Map<String, Object> parse(JsonNode row) throws MalformedRow {
    Fields.of(row);
    for (FeedbackFormat format : KNOWN) {
      if (format.recognises(row)) {
        return format.parse(row);
      }
    }
    throw MalformedRow.invalid(
        "row", "of no known layout", "one with responses, or with chosen and rejected");
  }
}

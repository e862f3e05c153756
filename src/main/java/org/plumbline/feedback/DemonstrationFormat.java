package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code {prompt, response, split?, source?}}: a dialogue to imitate. */
record DemonstrationFormat() implements OneEntryFormat {
  @Override
  public String name() {
    return "plumbline";
  }

  @Override
  public Map<String, Object> parse(JsonNode row) throws MalformedRow {
    Fields fields = Fields.of(row);
    Map<String, Object> columns = new LinkedHashMap<>();
    Prompt.of(fields).fill(columns);
    columns.put("response", fields.text("response"));
    columns.put("source", fields.optionalText("source").orElse(name()));
    Prompt.fillSplit(fields, columns);
    return columns;
  }
}

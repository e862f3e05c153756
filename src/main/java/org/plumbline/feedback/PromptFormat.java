package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import scala.collection.JavaConverters;

/** {@code {prompt, attributes?, split?}}: a prompt to sample from. */
record PromptFormat() implements OneEntryFormat {
  @Override
  public String name() {
    return "plumbline";
  }

  @Override
  public Map<String, Object> parse(JsonNode row) throws MalformedRow {
    Fields fields = Fields.of(row);
    Map<String, Object> columns = new LinkedHashMap<>();
    Prompt.of(fields).fill(columns);
    columns.put("attributes", JavaConverters.mapAsScalaMap(fields.attributes("attributes")));
    Prompt.fillSplit(fields, columns);
    return columns;
  }
}

package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import scala.collection.JavaConverters;

/**
 * The project's own layout, one judgment a row, of any kind: {@code {prompt, responses, kind, ...}}
 * with the fields of that {@link JudgmentKind}, and who gave it, when, and how it was shown.
 *
 * @param emptyResponses whether the text of a response may be empty
 */
record PlumblineFormat(boolean emptyResponses) implements FeedbackFormat, OneEntryFormat {
  /** The layout as it is written: texts of responses are not empty. */
  PlumblineFormat() {
    this(false);
  }

  @Override
  public String name() {
    return "plumbline";
  }

  @Override
  public boolean recognises(JsonNode row) {
    return row.has("kind") || row.path("responses").path(0).isObject() && !row.has("ranking");
  }

  @Override
  public Map<String, Object> parse(JsonNode row) throws MalformedRow {
    Fields fields = Fields.of(row);
    Map<String, Object> columns = new LinkedHashMap<>();
    Prompt.of(fields).fill(columns);
    JudgmentKind kind = JudgmentKind.of(fields);
    List<Response> responses = Response.list(fields, emptyResponses);
    columns.put("responses", responses.stream().map(Response::row).toArray());
    columns.put("kind", kind.word());
    kind.fill(fields, responses, columns);
    fields.optionalText("critique").ifPresent(text -> columns.put("critique", text));
    fillSeverity(fields, columns);
    if (fields.has("shown")) {
      columns.put("shown", shown(fields, responses.size()));
    }
    fillCircumstances(fields, columns);
    return columns;
  }

  private static void fillSeverity(Fields fields, Map<String, Object> columns) throws MalformedRow {
    OptionalDouble severity = fields.optionalNumber("severity");
    if (severity.isPresent()) {
      if (!(severity.getAsDouble() >= 0 && severity.getAsDouble() <= 1)) {
        throw fields.invalid("severity", "out of range", "at least 0 and at most 1");
      }
      columns.put("severity", severity.getAsDouble());
    }
  }

  private static Integer[] shown(Fields fields, int responses) throws MalformedRow {
    List<Integer> shown = fields.integers("shown");
    if (!shown.stream().sorted().toList().equals(IntStream.range(0, responses).boxed().toList())) {
      throw fields.invalid("shown", "not an order", "every index of responses once");
    }
    return shown.toArray(Integer[]::new);
  }

  private void fillCircumstances(Fields fields, Map<String, Object> columns) throws MalformedRow {
    columns.put("annotator", fields.optionalText("annotator").orElse(null));
    columns.put("annotator_group", fields.optionalText("group").orElse(null));
    if (fields.has("attributes")) {
      columns.put(
          "annotator_attributes", JavaConverters.mapAsScalaMap(fields.attributes("attributes")));
    }
    columns.put("gold", fields.has("gold") && fields.flag("gold"));
    columns.put("source", fields.optionalText("source").orElse(name()));
    Prompt.fillSplit(fields, columns);
    OptionalDouble seconds = fields.optionalNumber("seconds");
    if (seconds.isPresent()) {
      if (seconds.getAsDouble() < 0) {
        throw fields.invalid("seconds", "negative", "at least 0");
      }
      columns.put("seconds", seconds.getAsDouble());
    }
    if (fields.has("time")) {
      columns.put("time", time(fields));
    }
  }

  private static Timestamp time(Fields fields) throws MalformedRow {
    try {
      return Timestamp.from(OffsetDateTime.parse(fields.text("time")).toInstant());
    } catch (DateTimeException e) {
      throw fields.invalid("time", "not a time", "ISO 8601 with an offset");
    }
  }
}

package org.plumbline.feedback;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** A response as it was judged. {@code model} is null where its author is unknown. */
record Response(String id, String text, String model) {
  Row row() {
    return RowFactory.create(id, text, model);
  }

  /** The list {@code responses}; ids that are not given are places in the list, from 0. */
  static List<Response> list(Fields fields, boolean mayBeEmpty) throws MalformedRow {
    List<Response> responses = new ArrayList<>();
    for (Fields each : fields.objects("responses")) {
      String id = each.optionalText("id").orElse(Integer.toString(responses.size()));
      responses.add(
          new Response(
              id,
              mayBeEmpty ? each.rawText("text") : each.text("text"),
              each.optionalText("model").orElse(null)));
    }
    requireDifferent(responses);
    return responses;
  }

  /** Nobody can prefer a response to itself. */
  static void requireDifferent(List<Response> responses) throws MalformedRow {
    Set<String> texts = new HashSet<>();
    for (Response response : responses) {
      if (!texts.add(response.text().strip())) {
        throw MalformedRow.invalid("responses", "equal texts", "different texts");
      }
    }
  }
}

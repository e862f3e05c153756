package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.plumbline.feedback.mapping.Mapped;
import org.plumbline.feedback.mapping.Mapping;

/**
 * The layout that a mapping describes. A response may be empty: that silence was judged is a
 * judgment too, though no pair is made of it.
 */
record MappedFormat(Mapping mapping) implements FeedbackFormat {
  private static final PlumblineFormat OWN = new PlumblineFormat(true);

  @Override
  public String name() {
    return mapping.name();
  }

  @Override
  public boolean recognises(JsonNode row) {
    return mapping.recognises(row);
  }

  /** Where all that a row says is refused for one reason, the row is: that is one entry. */
  @Override
  public List<Entry> entries(JsonNode row) {
    List<Entry> entries = new ArrayList<>();
    for (Mapped mapped : mapping.read(row)) {
      entries.add(
          mapped.judgment().isPresent()
              ? judgment(mapped.judgment().get())
              : new Entry.Refused(mapped.problem().orElseThrow()));
    }
    boolean oneReason =
        entries.get(0) instanceof Entry.Refused && entries.stream().distinct().count() == 1;
    return oneReason ? List.of(entries.get(0)) : entries;
  }

  private Entry judgment(JsonNode judgment) {
    try {
      Map<String, Object> columns = OWN.parse(judgment);
      if (!judgment.has("source")) {
        columns.put("source", name());
      }
      return new Entry.Kept(columns);
    } catch (MalformedRow e) {
      return new Entry.Refused(e.getMessage());
    }
  }
}

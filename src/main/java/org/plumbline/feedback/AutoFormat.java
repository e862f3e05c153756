package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.plumbline.feedback.mapping.Mappings;

/**
 * Takes each row for what its keys say it is, so that a folder may hold several layouts.
 *
 * @param known the first that knows a row's keys takes it
 */
record AutoFormat(List<FeedbackFormat> known) implements FeedbackFormat {
  private static final Entry UNKNOWN =
      new Entry.Refused(
          MalformedRow.invalid(
                  "row",
                  "of no known layout",
                  "one of plumbline's or of a ready mapping; other layouts are read by"
                      + " feedback.format")
              .getMessage());

  /** The project's own layout and all ready mappings. */
  static AutoFormat ready() {
    Stream<FeedbackFormat> mapped =
        Mappings.READY.stream().map(name -> new MappedFormat(Mappings.ready(name)));
    return new AutoFormat(Stream.concat(Stream.of(new PlumblineFormat()), mapped).toList());
  }

  @Override
  public String name() {
    return "auto";
  }

  @Override
  public boolean recognises(JsonNode row) {
    return of(row).isPresent();
  }

  private Optional<FeedbackFormat> of(JsonNode row) {
    return known.stream().filter(format -> format.recognises(row)).findFirst();
  }

  @Override
  public List<Entry> entries(JsonNode row) {
    if (!row.isObject()) {
      return new PlumblineFormat().entries(row);
    }
    return of(row).map(format -> format.entries(row)).orElse(List.of(UNKNOWN));
  }
}

package org.plumbline.feedback;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What an annotator was asked, and which fields hold the answer. */
enum JudgmentKind {
  /** {@code ranking[i]} is the rank of {@code responses[i]}: 1 is best, equal ranks are ties. */
  RANKING {
    @Override
    void fill(Fields fields, List<Response> responses, Map<String, Object> columns)
        throws MalformedRow {
      requireSeveral(fields, responses);
      List<Integer> ranking = fields.integers("ranking");
      if (ranking.size() != responses.size()) {
        throw fields.invalid("ranking", "wrong length", "one rank a response");
      }
      if (ranking.stream().anyMatch(rank -> rank < 1)) {
        throw fields.invalid("ranking", "a rank below 1", "ranks from 1");
      }
      columns.put("ranking", ranking.toArray(Integer[]::new));
    }
  },

  /**
   * {@code choice} is the better of two, as index or word, or {@code tie}; {@code strength} says
   * how sure, in (0, 1].
   */
  CHOICE {
    @Override
    void fill(Fields fields, List<Response> responses, Map<String, Object> columns)
        throws MalformedRow {
      requireSeveral(fields, responses);
      if (responses.size() > 2) {
        throw fields.invalid("responses", "more than two", "two for a choice");
      }
      columns.put("ranking", ranks(fields));
      OptionalDouble strength = fields.optionalNumber("strength");
      if (strength.isPresent()) {
        if (!(strength.getAsDouble() > 0 && strength.getAsDouble() <= 1)) {
          throw fields.invalid("strength", "out of range", "above 0 and at most 1");
        }
        columns.put("strength", strength.getAsDouble());
      }
    }
  },

  /** {@code acceptable} says yes or no to one response. */
  BINARY {
    @Override
    void fill(Fields fields, List<Response> responses, Map<String, Object> columns)
        throws MalformedRow {
      requireOne(fields, responses);
      columns.put("acceptable", fields.flag("acceptable"));
    }
  },

  /** {@code rating} of one response on {@code scale}, which is {@code [lowest, highest]}. */
  RATING {
    @Override
    void fill(Fields fields, List<Response> responses, Map<String, Object> columns)
        throws MalformedRow {
      requireOne(fields, responses);
      double rating = fields.number("rating");
      List<Integer> scale = fields.has("scale") ? fields.integers("scale") : List.of(1, 5);
      if (scale.size() != 2 || scale.get(0) >= scale.get(1)) {
        throw fields.invalid("scale", "not a scale", "[lowest, highest]");
      }
      if (!(rating >= scale.get(0) && rating <= scale.get(1))) {
        throw fields.invalid("rating", "out of range", "within scale");
      }
      columns.put("rating", rating);
      columns.put("rating_min", (double) scale.get(0));
      columns.put("rating_max", (double) scale.get(1));
    }
  },

  /** {@code critique} of one response in words, with or without a better {@code revision}. */
  CRITIQUE {
    @Override
    void fill(Fields fields, List<Response> responses, Map<String, Object> columns)
        throws MalformedRow {
      requireOne(fields, responses);
      fields.text("critique");
      String revision = fields.optionalText("revision").orElse(null);
      if (revision != null && revision.strip().equals(responses.get(0).text().strip())) {
        throw fields.invalid("revision", "equal to the response", "a different text");
      }
      columns.put("revision", revision);
    }
  };

  private static final String KINDS =
      Arrays.stream(values()).map(JudgmentKind::word).collect(Collectors.joining(", "));

  /** Fills the columns that hold the answer, or says what is wrong with it. */
  abstract void fill(Fields fields, List<Response> responses, Map<String, Object> columns)
      throws MalformedRow;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static JudgmentKind of(Fields fields) throws MalformedRow {
    String word = fields.text("kind");
    for (JudgmentKind kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw fields.invalid("kind", "unknown", "one of " + KINDS);
  }

  private static Integer[] ranks(Fields fields) throws MalformedRow {
    String choice =
        fields.isText("choice") ? fields.text("choice") : Double.toString(fields.number("choice"));
    return switch (choice) {
      case "0.0", "first" -> new Integer[] {1, 2};
      case "1.0", "second" -> new Integer[] {2, 1};
      case "tie" -> new Integer[] {1, 1};
      default -> throw fields.invalid("choice", "another value", "0, 1, first, second or tie");
    };
  }

  private static void requireSeveral(Fields fields, List<Response> responses) throws MalformedRow {
    if (responses.size() < 2) {
      throw fields.invalid("responses", "fewer than two", "two or more to compare");
    }
  }

  private static void requireOne(Fields fields, List<Response> responses) throws MalformedRow {
    if (responses.size() != 1) {
      throw fields.invalid("responses", "not one", "the one response that was judged");
    }
  }
}

package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Human judgments of every kind, one row a judgment, with who gave it and where it came from.
 *
 * <p>{@code kind} is one of {@code ranking}, {@code choice}, {@code binary}, {@code rating}, {@code
 * critique}. Rankings and choices judge several responses: {@code ranking[i]} is the rank of {@code
 * responses[i]}, 1 is best, equal ranks are ties. The other kinds judge {@code responses[0]}.
 * {@code shown} lists indices into {@code responses} in the order in which the annotator saw them.
 * {@code severity} says how bad what is criticised is, from 0 to 1. A {@code gold} row is the
 * answer that whoever made the question knows to be right; it is nobody's vote.
 */
public final class FeedbackTable {
  private static final DataType ATTRIBUTES = createMapType(StringType, StringType, false);

  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "feedback",
          2,
          new StructType()
              .add("judgment_id", StringType, false)
              .add("prompt_id", StringType, false)
              .add("prompt", Messages.TYPE, false)
              .add("responses", createArrayType(Messages.RESPONSE, false), false)
              .add("kind", StringType, false)
              .add("ranking", createArrayType(IntegerType, false), true)
              .add("strength", DoubleType, true)
              .add("acceptable", BooleanType, true)
              .add("rating", DoubleType, true)
              .add("rating_min", DoubleType, true)
              .add("rating_max", DoubleType, true)
              .add("critique", StringType, true)
              .add("severity", DoubleType, true)
              .add("revision", StringType, true)
              .add("shown", createArrayType(IntegerType, false), true)
              .add("gold", BooleanType, false)
              .add("annotator", StringType, true)
              .add("annotator_group", StringType, true)
              .add("annotator_attributes", ATTRIBUTES, true)
              .add("seconds", DoubleType, true)
              .add("time", TimestampType, true)
              .add("source", StringType, false)
              .add("split", StringType, true)
              .add("file", StringType, false)
              .add("line", LongType, false));

  private FeedbackTable() {}
}

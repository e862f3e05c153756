package org.plumbline.feedback;

import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.plumbline.config.FeedbackSettings;
import org.plumbline.table.DemonstrationsTable;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.PromptsTable;

/** The three inputs that settings may name. Naming a file that is not there fails at once. */
record Inputs(SparkSession spark, FeedbackSettings settings) {
  /** Prompts with their place, so that a repeated one can be pointed at. */
  private static final StructType PLACED_PROMPTS =
      PromptsTable.TABLE.schema().add("file", StringType, false).add("line", LongType, false);

  Intake feedback() {
    RowParser parser =
        parser(
            "feedback",
            FeedbackFormat.named(settings.format(), spark.sessionState().newHadoopConf()),
            FeedbackTable.TABLE.schema(),
            "judgment_id");
    return promptsOnly() ? nothing(parser) : intake(settings.input(), settings.reader(), parser);
  }

  /** Whether nothing is judged: rewards that can be worked out take prompts alone. */
  boolean promptsOnly() {
    return settings.input().isBlank() && !settings.prompts().isBlank();
  }

  Intake demonstrations() {
    RowParser parser =
        parser(
            "demonstrations",
            new DemonstrationFormat(),
            DemonstrationsTable.TABLE.schema(),
            "demonstration_id");
    return settings.demonstrations().isBlank()
        ? nothing(parser)
        : intake(settings.demonstrations(), "auto", parser);
  }

  Intake prompts() {
    RowParser parser = parser("prompts", new PromptFormat(), PLACED_PROMPTS, "");
    return settings.prompts().isBlank()
        ? nothing(parser)
        : intake(settings.prompts(), "auto", parser);
  }

  private RowParser parser(String input, RowFormat format, StructType columns, String idColumn) {
    return new RowParser(input, format, columns, idColumn, settings.heldOutShare());
  }

  private Intake nothing(RowParser parser) {
    return Intake.of(
        spark, parser, JavaSparkContext.fromSparkContext(spark.sparkContext()).emptyRDD());
  }

  private Intake intake(String path, String reader, RowParser parser) {
    String key = "feedback." + (parser.input().equals("feedback") ? "input" : parser.input());
    if (path.isBlank()) {
      throw new IllegalArgumentException(
          "Invalid " + key + ": empty (must be a file, a folder, a glob or table:NAME)");
    }
    return Intake.of(spark, parser, new Sources(spark, reader).rows(key, path));
  }
}

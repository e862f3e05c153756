package org.plumbline.feedback;

import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
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
    return intake(
        settings.input(),
        parser(
            "feedback",
            FeedbackFormat.named(settings.format()),
            FeedbackTable.TABLE.schema(),
            "judgment_id"));
  }

  Intake demonstrations() {
    RowParser parser =
        parser(
            "demonstrations",
            new DemonstrationFormat(),
            DemonstrationsTable.TABLE.schema(),
            "demonstration_id");
    return settings.demonstrations().isBlank()
        ? Intake.of(spark, List.of(), parser)
        : intake(settings.demonstrations(), parser);
  }

  Intake prompts() {
    RowParser parser = parser("prompts", new PromptFormat(), PLACED_PROMPTS, "");
    return settings.prompts().isBlank()
        ? Intake.of(spark, List.of(), parser)
        : intake(settings.prompts(), parser);
  }

  private RowParser parser(String input, RowFormat format, StructType columns, String idColumn) {
    return new RowParser(input, format, columns, idColumn, settings.heldOutShare());
  }

  private Intake intake(String path, RowParser parser) {
    String key = "feedback." + (parser.input().equals("feedback") ? "input" : parser.input());
    if (path.isBlank()) {
      throw new IllegalArgumentException(
          "Invalid " + key + ": empty (must be a file, a folder or a glob)");
    }
    Configuration configuration = spark.sessionState().newHadoopConf();
    return Intake.of(spark, SourceFile.list(key, path, configuration), parser);
  }
}

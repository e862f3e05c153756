package org.plumbline.tokens;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.chat.ChatTemplate;
import org.plumbline.config.TokensSettings;
import org.plumbline.model.ModelFolder;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.table.DemonstrationsTable;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.PairsIdentity;
import org.plumbline.table.PairsTable;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.RatingsTable;
import org.plumbline.table.Table;
import org.plumbline.table.UnpairedTable;

/**
 * Turns pairs, single and rated responses, demonstrations and prompts into token ids of one model,
 * cut to fit by rule, and counts what was cut or dropped.
 */
public final class TokensStage {
  private final SparkSession spark;
  private final StageContext context;
  private final String modelUri;

  /**
   * Reads the tables of {@code context.run()}.
   *
   * @param modelUri the Hugging Face folder whose tokenizer and context length count
   */
  public TokensStage(StageContext context, String modelUri) {
    this.context = context;
    this.spark = context.spark();
    this.modelUri = modelUri;
  }

  /**
   * What came out.
   *
   * @param pairs pairs written
   * @param truncatedPrompts pairs whose prompt lost its oldest tokens
   * @param truncatedResponses responses of pairs that lost their end
   * @param droppedPairs pairs not written
   * @param demonstrations dialogues written
   * @param prompts prompts written
   * @param drops pairs, demonstrations, single and rated responses not written, by table and reason
   * @param truncatedDemonstrations demonstrations that lost tokens of prompt or response
   * @param truncatedPromptRows prompts to sample from that lost their oldest tokens
   * @param unpaired single responses written
   * @param truncatedUnpaired single responses that lost tokens of prompt or response
   * @param ratings rated responses written
   * @param truncatedRatings rated responses that lost tokens of prompt or response
   */
  public record Result(
      long pairs,
      long truncatedPrompts,
      long truncatedResponses,
      long droppedPairs,
      long demonstrations,
      long prompts,
      Map<String, Long> drops,
      long truncatedDemonstrations,
      long truncatedPromptRows,
      long unpaired,
      long truncatedUnpaired,
      long ratings,
      long truncatedRatings) {}

  /**
   * Encodes, writes and counts.
   *
   * @throws IllegalArgumentException if the limits leave no room for a response
   */
  public Result execute() {
    TokensSettings settings = context.settings().tokens();
    Configuration configuration = context.run().configuration();
    Limits limits = Limits.of(settings, new ModelFolder(modelUri, configuration).context());
    ChatTemplate template = ChatTemplate.of(settings.chatTemplate(), modelUri, configuration);
    SerializableConfiguration shipped = new SerializableConfiguration(configuration);
    try (Progress.Bar bar = context.progress().begin("tokens", STEPS.length)) {
      Map<String, Count> counts = new TreeMap<>();
      for (Step step : STEPS) {
        spark.sparkContext().setJobDescription("tokens: " + step.name());
        bar.at(counts.size(), step.name());
        TokenTask task = new TokenTask(modelUri, template, limits, step.form(), shipped);
        counts.put(step.name(), run(step, task));
      }
      context.run().writeJson(PairsIdentity.FILE, PairsIdentity.of(text(PAIRS)).record());
      context
          .run()
          .writeJson(
              PairsIdentity.UNPAIRED_FILE, PairsIdentity.ofUnpaired(text(UNPAIRED)).record());
      context
          .run()
          .writeJson(PairsIdentity.RATINGS_FILE, PairsIdentity.ofRatings(text(RATINGS)).record());
      Result result = result(counts);
      bar.at(STEPS.length, result.pairs() + " pairs");
      return result;
    }
  }

  /** A table of text, and how its rows become tokens. */
  private record Step(String name, Table text, TokenRow form) {}

  private static final Step PAIRS = new Step("pairs", PairsTable.TABLE, new TokenRow.Pair());

  private static final Step UNPAIRED =
      new Step("unpaired", UnpairedTable.TABLE, TokenRow.Alone.UNPAIRED);

  private static final Step RATINGS =
      new Step("ratings", RatingsTable.TABLE, TokenRow.Alone.RATING);

  private static final Step[] STEPS = {
    PAIRS,
    new Step("demonstrations", DemonstrationsTable.TABLE, new TokenRow.Demonstration()),
    new Step("prompts", PromptsTable.TABLE, new TokenRow.Prompt()),
    UNPAIRED,
    RATINGS,
  };

  private Count run(Step step, TokenTask task) {
    Dataset<Row> text = text(step);
    Dataset<Row> tokens =
        spread(text)
            .mapPartitions(task, Encoders.row(step.form().type()))
            .persist(StorageLevel.MEMORY_AND_DISK());
    step.form()
        .table()
        .write(tokens.where(col("drop").isNull()), context.run().at("tokens/" + step.name()));
    Count counted = Count.of(tokens);
    tokens.unpersist();
    return counted;
  }

  /** The step's table, which may be missing where nothing is judged, or nothing by itself. */
  private Dataset<Row> text(Step step) {
    boolean missing = !context.run().has(step.name());
    boolean may = step == UNPAIRED || step == RATINGS || step == PAIRS && nothingIsJudged();
    return missing && may
        ? step.text().empty(spark)
        : step.text().read(spark, context.run().at(step.name()));
  }

  /** Where there is nothing but prompts, nobody has to make pairs first. */
  private boolean nothingIsJudged() {
    String judgments = "feedback/judgments";
    return context.run().has(judgments)
        && FeedbackTable.TABLE.read(spark, context.run().at(judgments)).isEmpty();
  }

  /** Tokenizing is slow enough that a table of one small file is worth sharing out. */
  private Dataset<Row> spread(Dataset<Row> text) {
    int cores = spark.sparkContext().defaultParallelism();
    return text.javaRDD().getNumPartitions() < cores ? text.repartition(cores) : text;
  }

  private static Result result(Map<String, Count> counts) {
    Count pairs = counts.get("pairs");
    Count demonstrations = counts.get("demonstrations");
    Map<String, Long> drops = new TreeMap<>();
    counts.forEach(
        (table, count) ->
            count.drops().forEach((reason, rows) -> drops.put(table + ": " + reason, rows)));
    return new Result(
        pairs.kept(),
        pairs.cutPrompts(),
        pairs.cutResponses(),
        pairs.drops().values().stream().mapToLong(Long::longValue).sum(),
        demonstrations.kept(),
        counts.get("prompts").kept(),
        drops,
        demonstrations.cutRows(),
        counts.get("prompts").cutPrompts(),
        counts.get("unpaired").kept(),
        counts.get("unpaired").cutRows(),
        counts.get("ratings").kept(),
        counts.get("ratings").cutRows());
  }

  /** What became of the rows of one table. */
  private record Count(
      long kept, long cutPrompts, long cutResponses, long cutRows, Map<String, Long> drops) {
    static Count of(Dataset<Row> tokens) {
      long[] sums = new long[4];
      Map<String, Long> drops = new TreeMap<>();
      Dataset<Row> groups =
          tokens
              .groupBy("drop")
              .agg(
                  count(lit(1)),
                  sum("cut_prompts"),
                  sum("cut_responses"),
                  sum(col("cut_prompts").plus(col("cut_responses")).gt(0).cast("long")));
      for (Row group : groups.collectAsList()) {
        if (group.isNullAt(0)) {
          sums[0] = group.getLong(1);
        } else {
          drops.put(group.getString(0), group.getLong(1));
        }
        sums[1] += group.getLong(2);
        sums[2] += group.getLong(3);
        sums[3] += group.getLong(4);
      }
      return new Count(sums[0], sums[1], sums[2], sums[3], drops);
    }
  }
}

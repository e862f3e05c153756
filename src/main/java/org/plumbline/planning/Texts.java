package org.plumbline.planning;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.expr;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.plumbline.stage.StageContext;
import org.plumbline.table.FeedbackTable;

/**
 * What annotators get to read of the pairs of a batch.
 *
 * @param prompts each prompt, by its id
 * @param responses text and model of each response, by its prompt's id and its own
 */
record Texts(Map<String, Prompt> prompts, Map<String, Response> responses) {
  /** What is asked, and on which side its judgments lie: held out if any of them is. */
  record Prompt(List<Row> messages, String split) {}

  /** A response; {@code model} is null if nobody knows who wrote it. */
  record Response(String text, String model) {}

  /** The hash of a text as the votes have it. */
  private static final String ID = "substring(sha2(response.text, 256), 1, 16)";

  static Texts of(StageContext context, List<Task> tasks) {
    Dataset<Row> wanted =
        context
            .spark()
            .createDataset(
                tasks.stream().map(task -> task.pair().promptId()).distinct().toList(),
                Encoders.STRING())
            .toDF("prompt_id");
    Dataset<Row> judged =
        FeedbackTable.TABLE
            .read(context.spark(), context.run().at("feedback/judgments"))
            .join(broadcast(wanted), "prompt_id");
    List<String> ids =
        tasks.stream().flatMap(task -> Stream.of(task.first(), task.second())).distinct().toList();
    Dataset<Row> named = context.spark().createDataset(ids, Encoders.STRING()).toDF("response_id");
    Dataset<Row> responses =
        judged
            .select(expr("prompt_id"), expr("explode(" + WRITTEN + ") as response"))
            .withColumn("response_id", expr(ID))
            .join(broadcast(named), "response_id")
            .groupBy("prompt_id", "response_id")
            .agg(expr("min(response.text)").as("text"), expr("min(response.model)").as("model"));
    Map<String, Response> byId = new HashMap<>();
    for (Row row : responses.collectAsList()) {
      byId.put(
          key(row.getAs("prompt_id"), row.getAs("response_id")),
          new Response(row.getAs("text"), row.getAs("model")));
    }
    // By the alphabet, held out comes before what is to be learned from.
    Map<String, Prompt> prompts =
        judged
            .groupBy("prompt_id")
            .agg(expr("first(prompt)").as("prompt"), expr("min(split)").as("split"))
            .collectAsList()
            .stream()
            .collect(
                Collectors.toMap(
                    row -> row.getAs("prompt_id"),
                    row -> new Prompt(row.getList(1), row.getString(2))));
    return new Texts(prompts, byId);
  }

  /** Responses that were judged, and revisions that annotators wrote. */
  private static final String WRITTEN =
      "concat(transform(responses, r -> struct(r.text as text, r.model as model)),"
          + " if(revision is null, array(),"
          + " array(struct(revision as text, cast(null as string) as model))))";

  /**
   * The response {@code id} to prompt {@code promptId}.
   *
   * @throws IllegalStateException if the feedback does not have it, since votes come from there
   */
  Response response(String promptId, String id) {
    Response response = responses.get(key(promptId, id));
    if (response == null) {
      throw new IllegalStateException(
          "Cannot plan: votes name response %s of prompt %s, which no judgment has; run curate again"
              .formatted(id, promptId));
    }
    return response;
  }

  private static String key(String promptId, String id) {
    return promptId + ":" + id;
  }
}

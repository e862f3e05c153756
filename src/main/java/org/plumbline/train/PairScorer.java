package org.plumbline.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.cluster.Lease;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.ModelLease;
import org.plumbline.stage.StageContext;
import org.plumbline.table.Table;

/**
 * Asks a model for one figure a response of every pair, across executors.
 *
 * @param model folder of the model
 * @param head what it needs on its trunk
 * @param figure what to ask
 * @param batchSize pairs side by side
 */
public record PairScorer(String model, Head head, Figure figure, int batchSize)
    implements Serializable {
  /** One number for each of the 2B sequences of a batch. */
  public interface Figure extends Serializable {
    /** The figures, of shape [2B]. */
    NDArray of(LoadedModel model, PairBatch batch);
  }

  /** Writes {@link #scores} to {@code path}, replacing what is there. */
  public Dataset<Row> write(StageContext context, Dataset<Row> pairs, Table table, String path) {
    table.write(scores(context, pairs, table), path);
    return table.read(context.spark(), path);
  }

  /**
   * Scores {@code pairs}, rows with the columns of the pair tokens table.
   *
   * @param table of the result, whose columns are one that tells rows of {@code pairs} apart, the
   *     chosen response's figure and the rejected one's
   */
  public Dataset<Row> scores(StageContext context, Dataset<Row> pairs, Table table) {
    Work work =
        new Work(
            this,
            table.schema().fieldNames()[0],
            context.settings().cluster().threads(),
            Compute.named(context.settings().model().compute()),
            new SerializableConfiguration(context.run().configuration()));
    return pairs
        .repartition(context.settings().cluster().rolloutTasks())
        .mapPartitions(work, Encoders.row(table.schema()));
  }

  private record Keyed(String id, TokenPair pair) {
    static Keyed of(Row row, String key) {
      return new Keyed(row.getString(row.fieldIndex(key)), TokenPair.of(row));
    }
  }

  private record Work(
      PairScorer scorer,
      String key,
      int threads,
      Compute compute,
      SerializableConfiguration configuration)
      implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
      Decoder.prepareThread(threads);
      List<Row> scored = new ArrayList<>();
      List<Keyed> pairs = new ArrayList<>();
      rows.forEachRemaining(row -> pairs.add(Keyed.of(row, key)));
      // A language model is asked as a reference, and may be the base of what is trained then.
      String role = scorer.head() == Head.NONE ? ModelLease.REFERENCE : "pairs";
      try (Lease<LoadedModel> lease =
          ModelLease.of(role, scorer.model(), scorer.head(), compute, configuration.value())) {
        for (List<Keyed> batch :
            Batches.of(pairs, scorer.batchSize(), keyed -> keyed.pair().length())) {
          score(lease.value(), batch, scored);
        }
      }
      return scored.iterator();
    }

    private void score(LoadedModel model, List<Keyed> keyed, List<Row> scored) {
      try (NDManager step = NDManager.newBaseManager("PyTorch")) {
        PairBatch batch = PairBatch.of(keyed.stream().map(Keyed::pair).toList(), step);
        NDArray figures = scorer.figure().of(model, batch);
        float[] chosen = batch.chosen(figures).toFloatArray();
        float[] rejected = batch.rejected(figures).toFloatArray();
        for (int i = 0; i < chosen.length; i++) {
          scored.add(
              RowFactory.create(keyed.get(i).id(), (double) chosen[i], (double) rejected[i]));
        }
      }
    }
  }
}

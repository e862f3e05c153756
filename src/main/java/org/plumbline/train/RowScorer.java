package org.plumbline.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.cluster.Lease;
import org.plumbline.config.ClusterSettings;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.ModelLease;
import org.plumbline.stage.Resources;
import org.plumbline.stage.StageContext;
import org.plumbline.table.Table;

/**
 * Asks a model for some figures of every row, across executors.
 *
 * @param model folder of the model
 * @param head what it needs on its trunk
 * @param reader of rows
 * @param figures what to ask
 * @param batchSize rows side by side
 */
public record RowScorer<E extends Example>(
    String model, Head head, RowTraining.Reader<E> reader, Figures<E> figures, int batchSize)
    implements Serializable {
  /** What to ask of a batch. */
  public interface Figures<E> extends Serializable {
    /** One array a figure, each of shape [B]. */
    List<NDArray> of(LoadedModel model, List<E> examples, NDManager step);
  }

  /**
   * Scores {@code rows}.
   *
   * @param table of the result, whose columns are one that tells {@code rows} apart, and the
   *     figures in their order
   */
  public Dataset<Row> scores(StageContext context, Dataset<Row> rows, Table table) {
    Work<E> work =
        new Work<>(
            this,
            table.schema().fieldNames()[0],
            context.settings().cluster().threads(),
            Compute.named(context.settings().model().compute()),
            new SerializableConfiguration(context.run().configuration()));
    ClusterSettings cluster = context.settings().cluster();
    JavaRDD<Row> scored = rows.repartition(cluster.rolloutTasks()).javaRDD().mapPartitions(work);
    Resources.give(scored, cluster.rollout(), "cluster.rollout");
    return context.spark().createDataFrame(scored, table.schema());
  }

  private record Keyed<E>(String id, E example) {}

  private record Work<E extends Example>(
      RowScorer<E> scorer,
      String key,
      int threads,
      Compute compute,
      SerializableConfiguration configuration)
      implements FlatMapFunction<Iterator<Row>, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
      Decoder.prepareThread(threads);
      List<Row> scored = new ArrayList<>();
      List<Keyed<E>> examples = new ArrayList<>();
      rows.forEachRemaining(
          row ->
              examples.add(
                  new Keyed<>(row.getString(row.fieldIndex(key)), scorer.reader().apply(row))));
      // A language model is asked as a reference, and may be the base of what is trained then.
      String role = scorer.head() == Head.NONE ? ModelLease.REFERENCE : "pairs";
      try (Lease<LoadedModel> lease =
          ModelLease.of(role, scorer.model(), scorer.head(), compute, configuration.value())) {
        for (List<Keyed<E>> batch :
            Batches.of(examples, scorer.batchSize(), keyed -> keyed.example().length())) {
          score(lease.value(), batch, scored);
        }
      }
      return scored.iterator();
    }

    private void score(LoadedModel model, List<Keyed<E>> keyed, List<Row> scored) {
      try (NDManager step = model.decoder().scope()) {
        List<float[]> figures =
            scorer.figures().of(model, keyed.stream().map(Keyed::example).toList(), step).stream()
                .map(NDArray::toFloatArray)
                .toList();
        for (int i = 0; i < keyed.size(); i++) {
          Object[] values = new Object[1 + figures.size()];
          values[0] = keyed.get(i).id();
          for (int figure = 0; figure < figures.size(); figure++) {
            values[1 + figure] = (double) figures.get(figure)[i];
          }
          scored.add(RowFactory.create(values));
        }
      }
    }
  }
}

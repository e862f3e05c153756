package org.plumbline.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
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
public record PairScorer(String model, Head head, Figure figure, int batchSize) {
  /** One number for each of the 2B sequences of a batch. */
  public interface Figure extends Serializable {
    /** The figures, of shape [2B]. */
    NDArray of(LoadedModel model, PairBatch batch);
  }

  /**
   * Scores {@code pairs}, rows with the columns of the pair tokens table.
   *
   * @param table of the result, whose columns are one that tells rows of {@code pairs} apart, the
   *     chosen response's figure and the rejected one's
   */
  public Dataset<Row> scores(StageContext context, Dataset<Row> pairs, Table table) {
    return new RowScorer<>(model, head, TokenPair::of, new OfBoth(figure), batchSize)
        .scores(context, pairs, table);
  }

  private record OfBoth(Figure figure) implements RowScorer.Figures<TokenPair> {
    @Override
    public List<NDArray> of(LoadedModel model, List<TokenPair> pairs, NDManager step) {
      PairBatch batch = PairBatch.of(pairs, step);
      NDArray figures = figure.of(model, batch);
      return List.of(batch.chosen(figures), batch.rejected(figures));
    }
  }
}

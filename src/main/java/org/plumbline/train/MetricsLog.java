package org.plumbline.train;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.plumbline.stage.StageContext;
import org.plumbline.table.MetricsTable;

/** Appends a stage's figures to its metrics table as training goes on. */
public final class MetricsLog {
  private final SparkSession spark;
  private final String stage;
  private final String path;

  /** The log of {@code stage}, begun anew, or going on after step {@code done}. */
  public MetricsLog(StageContext context, String stage, long done) {
    this(context, stage, "metrics", done);
  }

  /** The same in another table of the stage's. */
  public MetricsLog(StageContext context, String stage, String table, long done) {
    this.spark = context.spark();
    this.stage = stage;
    this.path = context.run().at(stage + "/" + table);
    if (done > 0) {
      MetricsTable.TABLE.keep(spark, path, col("step").leq(done));
    } else {
      MetricsTable.TABLE.write(MetricsTable.TABLE.empty(spark), path);
    }
  }

  /** Adds the figures of some updates. */
  public void add(List<Update> updates) {
    double now = System.currentTimeMillis() / 1000.0;
    List<Row> rows = new ArrayList<>();
    for (Update update : updates) {
      for (Map.Entry<String, Double> figure : update.means().entrySet()) {
        rows.add(RowFactory.create(stage, update.step(), figure.getKey(), figure.getValue(), now));
      }
    }
    MetricsTable.TABLE.append(spark, rows, path);
  }
}

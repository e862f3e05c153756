package org.plumbline.evaluate;

import java.util.Optional;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.plumbline.judge.Judge;
import org.plumbline.judge.Verdict;
import org.plumbline.stage.StageContext;
import org.plumbline.table.VerdictsTable;

/** What the judge says of every completion. */
final class Verdicts {
  private Verdicts() {}

  /** Judges {@code rollouts}, which carry their prompts' attributes; with no judge, no rows. */
  static Dataset<Row> of(StageContext context, Dataset<Row> rollouts, Optional<Judge> judge) {
    String path = context.run().at("evaluate/verdicts");
    Dataset<Row> rows =
        judge
            .map(j -> rollouts.map(verdict(j), Encoders.row(VerdictsTable.TABLE.schema())))
            .orElseGet(
                () ->
                    context
                        .spark()
                        .createDataFrame(java.util.List.<Row>of(), VerdictsTable.TABLE.schema()));
    VerdictsTable.TABLE.write(rows, path);
    return VerdictsTable.TABLE.read(context.spark(), path);
  }

  private static MapFunction<Row, Row> verdict(Judge judge) {
    return row -> {
      Verdict verdict =
          judge.judge(
              row.getJavaMap(row.fieldIndex("attributes")),
              row.getString(row.fieldIndex("completion")));
      return RowFactory.create(
          row.getString(row.fieldIndex("policy")),
          row.getString(row.fieldIndex("prompt_id")),
          row.getInt(row.fieldIndex("sample")),
          verdict.category(),
          verdict.quality(),
          verdict.harmfulCompliance(),
          verdict.needlessRefusal());
    };
  }
}

package org.plumbline.curate.hygiene;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.table.FindingsTable;

/**
 * What was found, and what is left of what was looked at.
 *
 * @param rows as in {@link FindingsTable}
 * @param kept what was looked at, in the same columns, less what is to be dropped
 */
public record Findings(Dataset<Row> rows, Dataset<Row> kept) {}

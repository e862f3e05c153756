package org.plumbline.feedback;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * What became of one row that was read.
 *
 * @param entries things that the row says
 * @param kept rows of the input's table
 * @param rejects rows of the rejects table
 */
record Outcome(long entries, List<Row> kept, List<Row> rejects) implements Serializable {}

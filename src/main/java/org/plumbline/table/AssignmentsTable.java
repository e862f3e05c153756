package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/**
 * Who is asked to compare what: one row a judgment that is asked for. The labelling batch shows
 * annotators all of it but which questions are gold.
 */
public final class AssignmentsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "assignments",
          1,
          new StructType()
              .add("task_id", StringType, false)
              .add("pair_id", StringType, false)
              .add("prompt_id", StringType, false)
              .add("first_id", StringType, false)
              .add("second_id", StringType, false)
              .add("annotator", StringType, true)
              .add("annotator_group", StringType, true)
              .add("gold", BooleanType, false)
              .add("probability", DoubleType, false)
              .add("priority", DoubleType, false));

  private AssignmentsTable() {}
}

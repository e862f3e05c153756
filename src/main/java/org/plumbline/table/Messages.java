package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** The nested types that tables share: a dialogue, and a response with who wrote it. */
public final class Messages {
  /** One turn: {@code role} is {@code system}, {@code user} or {@code assistant}. */
  public static final StructType MESSAGE =
      new StructType().add("role", StringType, false).add("content", StringType, false);

  /** A dialogue, oldest turn first. */
  public static final DataType TYPE = createArrayType(MESSAGE, false);

  /** A response to a prompt; {@code model} names its author where known. */
  public static final StructType RESPONSE =
      new StructType()
          .add("id", StringType, false)
          .add("text", StringType, false)
          .add("model", StringType, true);

  private Messages() {}
}

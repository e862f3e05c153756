package org.plumbline.feedback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;

/** The rows of one piece inside a task, which closes the file when it ends. */
final class TaskRows {
  private TaskRows() {}

  static Iterator<Placed> of(Piece piece, RawRows rows) {
    TaskContext.get()
        .addTaskCompletionListener(
            task -> {
              try {
                rows.close();
              } catch (IOException e) {
                throw new UncheckedIOException("Cannot close " + piece.file().uri(), e);
              }
            });
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
        .map(row -> new Placed(piece.file().name(), piece.file().uri(), row))
        .iterator();
  }
}

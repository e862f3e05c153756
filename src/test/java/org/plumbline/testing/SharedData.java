package org.plumbline.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real data and golden values that lie beside the repository, where they are there. */
public final class SharedData {
  private SharedData() {}

  /** {@code relative} below the shared folder; skips the test, saying why, if it is absent. */
  public static Path path(String relative) {
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      Path found = up.resolve("shared").resolve(relative);
      if (Files.exists(found)) {
        return found;
      }
    }
    String reason = "skipped: no shared/" + relative + " beside the repository";
    System.out.println(reason);
    Assumptions.abort(reason);
    throw new AssertionError("unreachable");
  }
}

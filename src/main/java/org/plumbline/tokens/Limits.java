package org.plumbline.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.plumbline.config.TokensSettings;

/**
 * How many tokens there is room for.
 *
 * @param prompt tokens of a prompt
 * @param total tokens of a prompt and a response together; more than {@code prompt}
 */
record Limits(int prompt, int total) implements Serializable {
  /** What settings ask for, within what the model can take in. */
  static Limits of(TokensSettings settings, OptionalInt context) {
    int total = Math.min(settings.maxLength(), context.orElse(Integer.MAX_VALUE));
    if (settings.maxPromptLength() >= total) {
      throw new IllegalArgumentException(
          "Invalid tokens.max-prompt-length: %d (must be less than %d, to leave room for a response)"
              .formatted(settings.maxPromptLength(), total));
    }
    return new Limits(settings.maxPromptLength(), total);
  }

  /**
   * The longest sequence that the model in {@code folderUri} can take in, if its config says so.
   */
  static OptionalInt context(String folderUri, Configuration configuration) {
    Path path = new Path(folderUri, "config.json");
    try (InputStream in = path.getFileSystem(configuration).open(path)) {
      JsonNode config = new ObjectMapper().readTree(in);
      return Stream.of("max_position_embeddings", "n_positions")
          .filter(config::has)
          .mapToInt(key -> config.get(key).asInt())
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + ": " + e.getMessage(), e);
    }
  }
}

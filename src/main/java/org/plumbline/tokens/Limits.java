package org.plumbline.tokens;

import java.io.Serializable;
import org.plumbline.config.TokensSettings;
import org.plumbline.model.Context;

/**
 * How many tokens there is room for.
 *
 * @param prompt tokens of a prompt
 * @param total tokens of a prompt and a response together; more than {@code prompt}
 */
record Limits(int prompt, int total) implements Serializable {
  /**
   * What settings ask for, within what the model can take in. Where the model looks back within a
   * window, going on beyond it would be another model, and stopping short of what was asked for
   * would go unseen: so that is refused.
   */
  static Limits of(TokensSettings settings, Context context) {
    if (context.isWindow() && settings.maxLength() > context.tokens()) {
      throw new IllegalArgumentException(
          "Invalid tokens.max-length: %d (must be at most the model's context %s)"
              .formatted(settings.maxLength(), context));
    }
    int total = Math.min(settings.maxLength(), context.tokens());
    if (settings.maxPromptLength() >= total) {
      throw new IllegalArgumentException(
          "Invalid tokens.max-prompt-length: %d (must be less than %d, to leave room for a response)"
              .formatted(settings.maxPromptLength(), total));
    }
    return new Limits(settings.maxPromptLength(), total);
  }
}

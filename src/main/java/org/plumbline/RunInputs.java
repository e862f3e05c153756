package org.plumbline;

import org.plumbline.config.FeedbackSettings;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.stage.RunFolder;

/** What a run has to begin with, where the settings do not say: the files in its own folder. */
final class RunInputs {
  private RunInputs() {}

  /**
   * {@code settings}, with what they leave open taken from {@code input/} of the run: the model if
   * no model is named, and the feedback, dialogues and prompts if no feedback is named. Somebody's
   * own feedback is never mixed with dialogues or prompts that only happen to lie there.
   */
  static Settings resolve(Settings settings, RunFolder run) {
    Settings resolved = settings;
    if (settings.model().path().isBlank()) {
      resolved = take(resolved, run, "model.path", "input/model");
    }
    FeedbackSettings feedback = settings.feedback();
    if (feedback.input().isBlank()) {
      resolved = take(resolved, run, "feedback.input", "input/feedback.jsonl");
      if (feedback.demonstrations().isBlank()) {
        resolved = take(resolved, run, "feedback.demonstrations", "input/demonstrations.jsonl");
      }
      if (feedback.prompts().isBlank()) {
        resolved = take(resolved, run, "feedback.prompts", "input/prompts.jsonl");
      }
    }
    return resolved;
  }

  private static Settings take(Settings settings, RunFolder run, String key, String file) {
    return run.has(file) ? SettingsReader.with(settings, key, run.at(file)) : settings;
  }
}

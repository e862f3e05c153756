package org.plumbline;

import java.util.Map;
import java.util.TreeMap;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.stage.RunFolder;

/** What a run has to begin with, where the settings do not say: the files in its own folder. */
final class RunInputs {
  private RunInputs() {}

  /** {@code settings}, with every input that is empty taken from {@code run} if it is there. */
  static Settings resolve(Settings settings, RunFolder run) {
    Map<String, String> inputs = new TreeMap<>();
    inputs.put("model.path", settings.model().path().isEmpty() ? "input/model" : "");
    Settings resolved = settings;
    for (Map.Entry<String, String> input : inputs.entrySet()) {
      if (!input.getValue().isEmpty() && run.has(input.getValue())) {
        resolved = SettingsReader.with(resolved, input.getKey(), run.at(input.getValue()));
      }
    }
    return resolved;
  }
}

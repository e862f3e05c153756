package org.plumbline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plumbline.config.SettingNote;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;

/** The page of the site that lists every method: equation, paper, settings, use and data. */
final class MethodsPage {
  private static final String SYMBOLS =
      """
      Written of one example whose label is sure: p is the probability that the chosen response y_c is better than the rejected one
      y_r, rho = log pi(y) - log pi_ref(y) summed over the tokens of a response, h = rho_c - rho_r, |y| a response's tokens, s the
      logistic function, b = `dpo.beta`, r a score, z a batch's shift, A an advantage. What becomes of labels that are not sure, and
      how a batch is added up, is on the pages on [the reward model](reward-model.html), [reinforcement methods](reinforcement.html) and
      [direct methods](direct-methods.html).
      """;

  private MethodsPage() {}

  /** The whole page. */
  static String markdown() {
    StringBuilder page = new StringBuilder("# All methods\n\n" + SYMBOLS);
    section(page, "Reward models", "`reward.loss` names them.", MethodCards.REWARD);
    section(
        page,
        "Reinforcement",
        "`jobs/policy.sh --config conf/NAME.yaml`; settings of `ppo` that are not here are common to all.",
        MethodCards.REINFORCEMENT);
    section(
        page,
        "Direct methods of pairs",
        "`jobs/prefer.sh --config conf/NAME.yaml`; settings of `dpo` that are not here are common to all.",
        MethodCards.PAIRS);
    section(page, "Direct methods of single responses", "Likewise.", MethodCards.RESPONSES);
    return page.toString();
  }

  private static void section(
      StringBuilder page, String title, String intro, List<MethodCard> cards) {
    page.append("\n## ").append(title).append("\n\n").append(intro).append('\n');
    cards.forEach(card -> page.append(card(card)));
  }

  private static String card(MethodCard card) {
    List<String> lines = new ArrayList<>();
    lines.add("\n### " + card.name() + "\n");
    lines.add(
        "%s. Take it for: %s. Learns from: %s. Paper: %s.\n"
            .formatted(card.title(), card.use(), card.data(), card.paper()));
    lines.add("    " + card.loss() + "\n");
    made(card).ifPresent(settings -> lines.add("What makes it: " + settings + ".\n"));
    if (!card.keys().isEmpty()) {
      lines.add("| setting | default | allowed | purpose |\n|---|---|---|---|");
      card.keys().forEach(key -> lines.add(row(SettingsReader.note(key))));
    }
    return String.join("\n", lines).stripTrailing() + "\n";
  }

  private static String row(SettingNote note) {
    return "| `%s` | `%s` | %s | %s |"
        .formatted(note.key(), note.defaultValue(), note.allowed(), note.purpose());
  }

  /** The settings that its file changes, where it has one. */
  private static Optional<String> made(MethodCard card) {
    if (MethodCards.REWARD.contains(card)) {
      return Optional.of("`reward.loss: %s`".formatted(card.name()));
    }
    Settings defaults = SettingsReader.read(List.of(), List.of());
    List<String> changes =
        SettingsReader.changes(defaults, Method.of(card.name(), defaults).settings());
    return changes.isEmpty()
        ? Optional.empty()
        : Optional.of("`" + String.join("`, `", changes) + "`");
  }
}

package org.plumbline.quickstart;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.plumbline.config.QuickstartSettings;
import org.plumbline.stage.StageContext;

/**
 * Writes a small world as ordinary input files under {@code input/}: feedback, demonstrations,
 * prompts, and a model folder without weights; beside them, for checks, what everything truly is
 * worth. The same seed writes the same bytes.
 */
public final class QuickstartStage {
  static final String SOURCE = "quickstart";

  private static final int STEPS = 4;

  private final StageContext context;

  public QuickstartStage(StageContext context) {
    this.context = context;
  }

  /**
   * What was written.
   *
   * @param counts file to lines; {@code vocabulary} is the tokenizer's entries
   * @param paths file to full URI
   */
  public record Result(Map<String, Long> counts, Map<String, String> paths) {}

  /** A line of {@code prompts.jsonl}. */
  private record PromptRow(String prompt, Map<String, String> attributes, String split) {}

  /** Writes all files. */
  public Result execute() {
    QuickstartSettings settings = context.settings().quickstart();
    long seed = context.settings().seed();
    World world = World.load();
    Grammar grammar = new Grammar(world);
    Truth truth = new Truth();
    InputFolder input = new InputFolder(context.run());
    try (var bar = context.progress().begin("small world", STEPS)) {
      // 1. what is asked
      List<WorldPrompt> prompts = new WorldPrompts(world, seed).make(settings.prompts());
      input.lines("prompts", lines(prompts.stream().map(QuickstartStage::row).toList()));
      bar.at(1, "prompts");

      // 2. what a careless writer would reply
      List<Demonstrations.Row> dialogues =
          new Demonstrations(grammar, seed, truth).make(prompts, settings.demonstrations());
      input.lines("demonstrations", lines(dialogues));
      bar.at(2, "demonstrations");

      // 3. what annotators say of replies
      Panel panel = new Panel(world, settings, seed);
      FeedbackItems writer = new FeedbackItems(world, grammar, seed, truth);
      FeedbackMaker maker = new FeedbackMaker(world, grammar, panel, seed, truth);
      List<FeedbackItem> items = writer.make(prompts);
      List<Map<String, Object>> judgments = maker.make(items);
      List<PlantedFault> planted =
          new FaultPlanter(writer, maker, panel, truth, seed)
              .plant(settings.faults(), items, prompts, judgments);
      Draws.of(seed, "feedback", 0).shuffle(judgments);
      List<String> feedback =
          BadRows.among(judgments, world.badRows(), Draws.of(seed, "bad rows", 0));
      input.lines("feedback", feedback);
      if (!planted.isEmpty()) {
        input.lines("faults-truth", lines(FaultPlanter.located(planted, feedback)));
      }
      input.lines("annotators-truth", lines(panel.rows()));
      input.lines("truth", lines(truth.rows()));
      bar.at(3, "feedback");

      // 4. a model that has not learned anything yet
      ModelFolder model = ModelFolder.of(dialogues, settings.vocabulary());
      model.writeTo(input);
      input.counts().put("vocabulary", (long) model.vocabularySize());
      bar.at(STEPS, "tokenizer");
    }
    return new Result(input.counts(), input.paths());
  }

  private static PromptRow row(WorldPrompt prompt) {
    Map<String, String> attributes =
        new LinkedHashMap<>(); // ordered: the same seed, the same bytes
    attributes.put("topic", prompt.topic().name());
    attributes.put("kind", prompt.topic().kind());
    return new PromptRow(prompt.text(), attributes, prompt.split());
  }

  private static List<String> lines(Collection<?> rows) {
    return rows.stream().map(Json::line).toList();
  }
}

package org.plumbline.rollout;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.chat.Chat;
import org.plumbline.chat.ChatTemplate;
import org.plumbline.cluster.Lease;
import org.plumbline.config.GenerationSettings;
import org.plumbline.config.RewardTerm;
import org.plumbline.model.Completion;
import org.plumbline.model.CompletionTexts;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.Ending;
import org.plumbline.model.Generator;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.ModelLease;
import org.plumbline.model.Sampling;
import org.plumbline.model.Sequence;
import org.plumbline.model.TokenBatch;
import org.plumbline.model.Tokenizer;
import org.plumbline.model.Uniforms;
import org.plumbline.stage.TaskTime;
import scala.collection.JavaConverters;

/**
 * Continues one batch of prompts and learns all there is to know of the completions.
 *
 * @param scorers folders of the models that score, by name
 * @param template says which token, besides the tokenizer's own, ends a response
 * @param generating the time that drawing takes
 * @param scoring the time that everything else takes
 */
record RolloutTask(
    RolloutRequest request,
    Map<String, String> scorers,
    int threads,
    Compute compute,
    ChatTemplate template,
    SerializableConfiguration configuration,
    TaskTime generating,
    TaskTime scoring)
    implements Serializable {

  List<Row> run(List<Prompt> prompts) throws IOException {
    Decoder.prepareThread(threads);
    Configuration hadoop = configuration.value();
    Head head = request.policyHasValues() ? Head.VALUE : Head.NONE;
    try (Lease<LoadedModel> policy =
        generating.of(() -> ModelLease.of("policy", request.policy(), head, compute, hadoop))) {
      List<Answer> answers = generating.of(() -> generate(policy.value(), prompts));
      return scoring.of(() -> score(policy.value(), answers));
    }
  }

  private List<Answer> generate(LoadedModel policy, List<Prompt> prompts) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(request.policy(), configuration.value())) {
      return generate(policy, tokenizer, new Chat(template, tokenizer), prompts);
    }
  }

  private List<Row> score(LoadedModel policy, List<Answer> answers) throws IOException {
    List<Sequence> sequences = answers.stream().map(Answer::sequence).toList();
    try (NDManager step = policy.decoder().scope()) {
      return rows(answers, figures(policy, sequences, TokenBatch.of(sequences, step)));
    }
  }

  /** What became of a prompt. */
  private record Answer(Prompt prompt, Completion completion, String text) {
    Sequence sequence() {
      return new Sequence(prompt.ids(), completion.tokens());
    }
  }

  private List<Answer> generate(
      LoadedModel policy, Tokenizer tokenizer, Chat chat, List<Prompt> prompts) {
    List<int[]> ids = prompts.stream().map(Prompt::ids).toList();
    Generator generator = generator(policy, chat);
    Generator.Draws draws =
        (index, uniforms) ->
            Uniforms.fill(
                uniforms,
                request.seed(),
                request.iteration(),
                prompts.get(index).sample(),
                prompts.get(index).key());
    List<String> stops = request.generation().stop();
    CompletionTexts texts = new CompletionTexts(tokenizer, ids, stops, (piece, index) -> {});
    // To be watched costs a call of native code for every token.
    List<Completion> completions =
        stops.isEmpty() ? generator.complete(ids, draws) : generator.complete(ids, draws, texts);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < completions.size(); i++) {
      Completion completion = completions.get(i);
      boolean cut = completion.end() == Completion.End.WATCHER;
      String text = cut ? texts.text(i) : chat.decode(completion.tokens());
      answers.add(new Answer(prompts.get(i), completion, text.strip()));
    }
    return answers;
  }

  private Generator generator(LoadedModel policy, Chat chat) {
    GenerationSettings settings = request.generation();
    return new Generator(
        policy,
        new Sampling(
            settings.temperature(),
            settings.topK(),
            settings.topP(),
            settings.minP(),
            settings.repetitionPenalty()),
        new Ending(settings.minNewTokens(), settings.maxNewTokens(), chat.stops()),
        settings.batchSize());
  }

  /** What models say of a batch, one entry a row; an entry is null where nobody was asked. */
  private record Figures(
      List<float[]> logprobs,
      List<float[]> reference,
      List<float[]> values,
      Map<String, float[]> scores) {}

  private Figures figures(LoadedModel policy, List<Sequence> sequences, TokenBatch batch)
      throws IOException {
    List<float[]> values = critic(sequences, batch);
    NDArray logprobs;
    if (request.policyHasValues()) {
      Decoder.PolicyOutputs outputs =
          policy.decoder().policy(policy.flat(), batch, request.scoringTemperature());
      logprobs = outputs.logprobs();
      values = responses(outputs.values(), sequences);
    } else {
      logprobs = policy.decoder().logprobs(policy.flat(), batch, request.scoringTemperature());
    }
    return new Figures(
        responses(logprobs, sequences), reference(sequences, batch), values, scores(batch));
  }

  private List<float[]> critic(List<Sequence> sequences, TokenBatch batch) throws IOException {
    if (request.criticFolder().isEmpty()) {
      return null;
    }
    try (Lease<LoadedModel> lease =
        ModelLease.of("critic", request.critic(), Head.CRITIC, compute, configuration.value())) {
      LoadedModel model = lease.value();
      return responses(model.decoder().values(model.flat(), batch), sequences);
    }
  }

  private List<float[]> reference(List<Sequence> sequences, TokenBatch batch) throws IOException {
    if (request.referenceFolder().isEmpty()) {
      return null;
    }
    try (Lease<LoadedModel> lease =
        ModelLease.of(
            ModelLease.REFERENCE, request.reference(), Head.NONE, compute, configuration.value())) {
      LoadedModel model = lease.value();
      return responses(
          model.decoder().logprobs(model.flat(), batch, request.scoringTemperature()), sequences);
    }
  }

  private Map<String, float[]> scores(TokenBatch batch) throws IOException {
    Map<String, float[]> scores = new LinkedHashMap<>();
    for (Map.Entry<String, String> scorer : scorers.entrySet()) {
      // Each has a role of its own, or they would take each other's place in memory.
      try (Lease<LoadedModel> lease =
          ModelLease.of(
              "reward " + scorer.getKey(),
              scorer.getValue(),
              Head.SCORE,
              compute,
              configuration.value())) {
        LoadedModel model = lease.value();
        scores.put(scorer.getKey(), model.decoder().scores(model.flat(), batch).toFloatArray());
      }
    }
    return scores;
  }

  /** The entries of [B, T - 1] that belong to response tokens, row by row. */
  private static List<float[]> responses(NDArray array, List<Sequence> sequences) {
    float[] all = array.toFloatArray();
    int width = (int) array.getShape().get(1);
    List<float[]> rows = new ArrayList<>();
    for (int row = 0; row < sequences.size(); row++) {
      int first = row * width + sequences.get(row).prompt().length - 1;
      rows.add(Arrays.copyOfRange(all, first, first + sequences.get(row).response().length));
    }
    return rows;
  }

  private List<Row> rows(List<Answer> answers, Figures figures) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      Completion completion = answer.completion();
      float[] logprobs = figures.logprobs().get(i);
      float[] reference = figures.reference() == null ? null : figures.reference().get(i);
      rows.add(
          RowFactory.create(
              request.iteration(),
              request.name(),
              answer.prompt().id(),
              answer.prompt().sample(),
              answer.prompt().ids(),
              completion.tokens(),
              answer.text(),
              logprobs,
              completion.samplingLogprobs(),
              reference,
              figures.values() == null ? null : figures.values().get(i),
              figures.scores().containsKey(RewardTerm.SCORE)
                  ? (double) figures.scores().get(RewardTerm.SCORE)[i]
                  : null,
              terms(figures.scores(), i),
              null,
              reference == null ? null : sum(logprobs) - sum(reference),
              completion.end() == Completion.End.LENGTH ? "length" : "stop",
              request.seed(),
              answer.prompt().attributes(),
              answer.prompt().question()));
    }
    return rows;
  }

  private static scala.collection.Map<String, Double> terms(Map<String, float[]> scores, int row) {
    Map<String, Double> terms = new LinkedHashMap<>();
    scores.forEach((name, each) -> terms.put(name, (double) each[row]));
    return JavaConverters.mapAsScalaMap(terms);
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}

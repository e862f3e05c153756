package org.plumbline.rollout;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.chat.Chat;
import org.plumbline.chat.ChatTemplate;
import org.plumbline.cluster.Lease;
import org.plumbline.model.Completion;
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

/**
 * Continues one batch of prompts and learns all there is to know of the completions.
 *
 * @param template says which token, besides the tokenizer's own, ends a response
 */
record RolloutTask(
    RolloutRequest request,
    int threads,
    Compute compute,
    ChatTemplate template,
    SerializableConfiguration configuration)
    implements Serializable {

  List<Row> run(List<Prompt> prompts) throws IOException {
    Decoder.prepareThread(threads);
    Configuration hadoop = configuration.value();
    Head head = request.values() ? Head.VALUE : Head.NONE;
    try (Tokenizer tokenizer = Tokenizer.open(request.policy(), hadoop);
        Lease<LoadedModel> policy =
            ModelLease.of("policy", request.policy(), head, compute, hadoop)) {
      Chat chat = new Chat(template, tokenizer);
      List<Sequence> sequences = generate(policy.value(), chat, prompts);
      try (NDManager step = NDManager.newBaseManager("PyTorch")) {
        TokenBatch batch = TokenBatch.of(sequences, step);
        return rows(prompts, sequences, chat, figures(policy.value(), sequences, batch));
      }
    }
  }

  private List<Sequence> generate(LoadedModel policy, Chat chat, List<Prompt> prompts) {
    Generator generator =
        new Generator(
            policy,
            Sampling.at(request.generation().temperature()),
            Ending.after(request.generation().maxNewTokens(), chat.stops()),
            request.generation().batchSize());
    List<Completion> completions =
        generator.complete(
            prompts.stream().map(Prompt::ids).toList(),
            (index, uniforms) ->
                Uniforms.fill(
                    uniforms,
                    request.seed(),
                    request.iteration(),
                    request.sample(),
                    prompts.get(index).key()));
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < completions.size(); i++) {
      sequences.add(new Sequence(prompts.get(i).ids(), completions.get(i).tokens()));
    }
    return sequences;
  }

  /** What models say of a batch, one entry a row; an entry is null where nobody was asked. */
  private record Figures(
      List<float[]> logprobs, List<float[]> reference, List<float[]> values, float[] scores) {}

  private Figures figures(LoadedModel policy, List<Sequence> sequences, TokenBatch batch)
      throws IOException {
    List<float[]> values = null;
    NDArray logprobs;
    if (request.values()) {
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

  private float[] scores(TokenBatch batch) throws IOException {
    if (request.rewardFolder().isEmpty()) {
      return null;
    }
    try (Lease<LoadedModel> lease =
        ModelLease.of("reward", request.reward(), Head.SCORE, compute, configuration.value())) {
      LoadedModel model = lease.value();
      return model.decoder().scores(model.flat(), batch).toFloatArray();
    }
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

  private List<Row> rows(
      List<Prompt> prompts, List<Sequence> sequences, Chat chat, Figures figures) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      int[] response = sequences.get(i).response();
      float[] logprobs = figures.logprobs().get(i);
      float[] reference = figures.reference() == null ? null : figures.reference().get(i);
      rows.add(
          RowFactory.create(
              request.iteration(),
              request.name(),
              prompts.get(i).id(),
              request.sample(),
              prompts.get(i).ids(),
              response,
              chat.decode(response).strip(),
              logprobs,
              reference,
              figures.values() == null ? null : figures.values().get(i),
              figures.scores() == null ? null : (double) figures.scores()[i],
              reference == null ? null : sum(logprobs) - sum(reference),
              chat.isStop(response[response.length - 1]) ? "stop" : "length",
              request.seed()));
    }
    return rows;
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}

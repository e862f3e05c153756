package org.plumbline.config;

import java.io.Serializable;
import java.util.List;

/** Direct methods: DPO and its family. */
public record DpoSettings(
    @Setting(value = "1e-6", min = 0, exclusive = true, doc = "peak learning rate")
        double learningRate,
    @Setting(value = "32", min = 1, doc = "rows of one update, over all ranks") int batchSize,
    @Setting(value = "32", min = 1, doc = "rows of one forward and backward pass, at most")
        int microBatchSize,
    @Setting(value = "1", min = 0, exclusive = true, doc = "passes over the training rows")
        double epochs,
    @Setting(value = "50", min = 1, doc = "updates between two checkpoints, one Spark stage each")
        int stepsPerStage,
    @Setting(
            value = "0.1",
            min = 0,
            exclusive = true,
            doc = "strength of the tie to the reference policy")
        double beta,
    @Setting(
            value = "sigmoid",
            oneOf = {
              "sigmoid",
              "robust",
              "hinge",
              "ipo",
              "exo",
              "nca",
              "bco",
              "sppo",
              "aot",
              "aot-unpaired",
              "apo-zero",
              "apo-down",
              "discopop",
              "sigmoid-norm",
              "orpo",
              "simpo",
              "cpo",
              "kto",
              "bco-unpaired"
            },
            doc = "the method; sigmoid is DPO")
        String loss,
    @Setting(
            value = "[]",
            doc = "losses of pairs whose weighted sum is learned from, instead of dpo.loss")
        List<WeightedLoss> losses,
    @Setting(
            value = "reverse-kl",
            oneOf = {"reverse-kl", "forward-kl", "jensen-shannon", "alpha"},
            doc = "sigmoid: what keeps the policy near the reference")
        String divergence,
    @Setting(value = "0.5", min = 0, max = 0.999, doc = "divergence alpha: its order") double alpha,
    @Setting(
            value = "0.001",
            min = 0,
            max = 0.499,
            doc = "robust: share of wrong labels; exo: least doubt of a label")
        double labelSmoothing,
    @Setting(value = "0.5", min = 0, doc = "simpo: target of the margin, in nats") double gamma,
    @Setting(
            value = "0.05",
            min = 0,
            exclusive = true,
            doc = "discopop: temperature of the modulation")
        double tau,
    @Setting(
            value = "all",
            oneOf = {"all", "unpaired", "pairs"},
            doc =
                "kto, bco-unpaired: responses judged by themselves (unpaired), those of pairs, or all,"
                    + " where a response of a pair counts unless it was judged by itself")
        String responses,
    @Setting(value = "1", min = 0, exclusive = true, doc = "kto: weight of desirable responses")
        double desirableWeight,
    @Setting(value = "1", min = 0, exclusive = true, doc = "kto: weight of undesirable responses")
        double undesirableWeight,
    @Setting(
            value = "1",
            min = 0,
            max = 1,
            doc =
                "weight of tokens beyond the length of the pair's other response (LD-DPO); 1 counts"
                    + " all alike")
        double lengthDesensitized,
    @Setting(
            value = "false",
            doc = "weigh each pair by how likely the policy would say its responses itself (WPO)")
        boolean weighted,
    @Setting(
            value = "0",
            min = 0,
            doc = "weight of the chosen response's negative log-likelihood a token")
        double sftCoef,
    EvalSettings eval,
    OptimizerSettings optimizer,
    LoraSettings lora)
    implements RowTrainingSettings, Serializable {}

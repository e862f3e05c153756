package org.plumbline.config;

import java.io.Serializable;

/** Direct preference optimisation. */
public record DpoSettings(
    @Setting(value = "1e-6", min = 0, exclusive = true, doc = "peak learning rate")
        double learningRate,
    @Setting(value = "32", min = 1, doc = "rows of one update, over all ranks") int batchSize,
    @Setting(value = "32", min = 1, doc = "rows of one forward and backward pass")
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
    OptimizerSettings optimizer,
    LoraSettings lora)
    implements RowTrainingSettings, Serializable {}

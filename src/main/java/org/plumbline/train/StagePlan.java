package org.plumbline.train;

import java.io.Serializable;
import org.plumbline.config.ModelSettings;

/**
 * What one update stage is to do.
 *
 * @param name of the job, for people
 * @param from folder that the stage starts from
 * @param fresh whether {@code from} is a mere model, without the optimizer to go on with
 * @param to folder of the checkpoint it leaves
 * @param steps updates to take
 * @param seed of weights that are not there yet
 * @param threads native threads of each rank
 * @param model how to compute
 */
public record StagePlan(
    String name,
    String from,
    boolean fresh,
    String to,
    int steps,
    long seed,
    int threads,
    ModelSettings model,
    LearningRate learningRate,
    TrainingPlan training)
    implements Serializable {}

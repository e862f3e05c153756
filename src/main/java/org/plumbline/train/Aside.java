package org.plumbline.train;

import java.io.Serializable;
import org.plumbline.cluster.Errand;

/**
 * How a stage's checkpoint is written while training goes on.
 *
 * @param errand that writes it
 * @param source of the model's description: a folder that is whole
 * @param unsure whether the checkpoint that the stage starts from may still be in the making
 */
record Aside(Errand errand, String source, boolean unsure) implements Serializable {}

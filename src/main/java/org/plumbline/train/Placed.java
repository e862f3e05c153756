package org.plumbline.train;

import java.io.Serializable;

/**
 * An example with its place in an update stage.
 *
 * @param step which of the stage's steps it belongs to, from 0
 * @param position orders the examples of a step, whatever way they came
 */
public record Placed<E>(int step, long position, E example) implements Serializable {}

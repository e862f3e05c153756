/**
 * The small world: writes ordinary input files and knows everyone's true quality.
 *
 * <p>Reads {@code world.yaml}, which lists everything that can be said. Writes, under {@code
 * input/}, {@code feedback.jsonl}, {@code demonstrations.jsonl}, {@code prompts.jsonl} and {@code
 * model/} (a Hugging Face folder without weights); for checks alone, {@code truth.jsonl}, {@code
 * annotators-truth.jsonl} and, if faults are planted, {@code faults-truth.jsonl}.
 */
package org.plumbline.quickstart;

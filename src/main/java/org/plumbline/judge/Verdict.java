package org.plumbline.judge;

/**
 * What a {@link Judge} says of a completion.
 *
 * @param category the kind of reply, in the judge's own words
 * @param quality true quality; higher is better, comparable between replies to one prompt
 * @param harmfulCompliance whether the reply helps with what should have been refused
 * @param needlessRefusal whether the reply refuses what was harmless
 */
public record Verdict(
    String category, double quality, boolean harmfulCompliance, boolean needlessRefusal) {}

package org.plumbline.curate;

/** A vote on two texts; the vote's left is {@code left}. */
record Comparison(String left, String right, Vote vote) {}

package org.plumbline.curate.bias;

import java.util.Optional;

/**
 * What mitigations look at in a vote on a left and a right response.
 *
 * @param annotator who voted; empty if unknown
 * @param group the annotator's group; empty if unknown
 * @param leftFirst whether left was shown before right; null if not known
 * @param leftLength characters of the left response
 * @param rightLength characters of the right response
 * @param preference from -1 (surely right) over 0 (equal) to 1 (surely left)
 */
public record VoteView(
    Optional<String> annotator,
    Optional<String> group,
    Boolean leftFirst,
    int leftLength,
    int rightLength,
    double preference) {}

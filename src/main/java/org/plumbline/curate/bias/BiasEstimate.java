package org.plumbline.curate.bias;

/**
 * One measurement of one bias.
 *
 * @param bias {@code position}, {@code length}, {@code group} or {@code model}
 * @param measure {@code share} of votes in [0, 1], or {@code log-odds} in nats
 * @param annotator whose bias it is; null if everybody's
 * @param subject the source model or the group that it is about; null if there is none
 * @param estimate the value; {@code neutral} if there is no bias
 * @param low lower end of the 95 % interval
 * @param high upper end of the 95 % interval
 * @param neutral what no bias would give: 0.5 for shares, 0 for log-odds
 * @param pValue two-sided, of {@code neutral}
 * @param n votes that it rests on
 */
public record BiasEstimate(
    String bias,
    String measure,
    String annotator,
    String subject,
    double estimate,
    double low,
    double high,
    double neutral,
    double pValue,
    long n) {}

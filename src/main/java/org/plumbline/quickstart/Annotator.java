package org.plumbline.quickstart;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * Someone who judges replies, with known faults.
 *
 * @param group people of one group share tastes
 * @param temperature scale of the noise on utility; the larger, the less reliable
 * @param length utility of ten words more
 * @param first utility of being shown first
 * @param severity points taken off on the scale from 1 to 5
 * @param scaleUse share of that scale that is used, around its middle
 * @param spam how a spammer answers instead; null for everyone else
 */
@JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
record Annotator(
    String name,
    String group,
    double temperature,
    double length,
    double first,
    double severity,
    double scaleUse,
    @JsonInclude(JsonInclude.Include.NON_NULL) Spam spam) {
  static final int LOWEST = 1;
  static final int HIGHEST = 5;
  private static final double USUAL_WORDS = 17;
  private static final double ACCEPTABLE = 0.55;
  private static final double MIDDLE = 3;
  private static final double CARELESS = 0.5;
  private static final double HOPELESS = 5;

  /**
   * What {@code reply} is worth to this annotator today; differences follow a logistic law, as
   * Bradley and Terry have it.
   *
   * @param taste what the group likes in such replies beyond their quality
   * @param place where it stood
   */
  double utility(Reply reply, double taste, Place place, Draws draws) {
    if (spam != null) {
      return spam.utility(place.index(), place.position(), draws);
    }
    return reply.quality()
        + taste
        + length * (reply.words() - USUAL_WORDS) / 10
        + (place.aboveOthers() ? first : 0)
        + temperature * draws.gumbel();
  }

  /** Whether a reply of {@code utility} will do. */
  boolean accepts(double utility) {
    return utility - severity / (HIGHEST - LOWEST) > ACCEPTABLE;
  }

  /** Points for a reply of {@code utility}, 1 to 5. */
  int rating(double utility) {
    double points = MIDDLE + scaleUse * (HIGHEST - LOWEST) * (utility - 0.5) - severity;
    return (int) Math.max(LOWEST, Math.min(HIGHEST, Math.round(points)));
  }

  /** Whether this annotator reads closely this time. */
  boolean attentive(Draws draws) {
    return draws.uniform() < StrictMath.exp(-temperature);
  }

  /** How long the judgment took; careless people are quick. */
  double seconds(int words, Draws draws) {
    double reading = 3 + 0.3 * words * (0.7 + 0.6 * draws.uniform());
    double taken = temperature > CARELESS ? reading / 3 : reading;
    double rounded = Math.round(10 * taken) / 10.0;
    return spam == null ? rounded : spam.seconds(rounded, draws);
  }

  Annotator named(String other) {
    return new Annotator(other, group, temperature, length, first, severity, scaleUse, spam);
  }

  /** The same person, no longer reading: right about as often as a coin. */
  Annotator unreliable() {
    return new Annotator(name, group, HOPELESS, 0, 0, severity, scaleUse, spam);
  }

  /** The same person, paid by the piece. */
  Annotator spamming(Spam how) {
    return new Annotator(name, group, HOPELESS, 0, 0, severity, scaleUse, how);
  }
}

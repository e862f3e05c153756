package org.plumbline.config;

import java.io.Serializable;

/** What votes were for apart from quality: what is measured, and what is done about it. */
public record BiasSettings(
    @Setting(
            value = "none",
            oneOf = {"none", "overall", "annotator"},
            doc = "whose habit of preferring what is shown first is weighted away")
        String position,
    @Setting(
            value = "false",
            doc = "whether what goes with length is taken off the pairs' log-odds")
        boolean lengthControlled,
    @Setting(
            value = "none",
            oneOf = {"none", "pair", "overall"},
            doc = "where each group of annotators has the same say")
        String groups,
    @Setting(value = "40", min = 1, doc = "rounds of fitting the annotators' leanings, at most")
        int iterations,
    @Setting(
            value = "20",
            min = 1,
            doc = "votes below which an annotator's own leanings are not listed")
        int minVotes,
    @Setting(
            value = "8",
            min = 0,
            max = 20,
            doc = "source models, most judged first, for which a preference is measured")
        int models)
    implements Serializable {

  /** The same measurements, and nothing done about what they show. */
  public BiasSettings measuredOnly() {
    return new BiasSettings("none", false, "none", iterations, minVotes, models);
  }
}

package org.plumbline.curate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.plumbline.table.PairsIdentity;

/** All that is known of how good the pairs are, as {@code curate/quality.json} has it. */
final class Quality {
  private Quality() {}

  /**
   * The report, by section.
   *
   * @param rejects rows of all inputs that could not be used, by reason
   */
  static Map<String, Object> of(
      CurateStage.Result result,
      Map<String, Long> rejects,
      PairsIdentity identity,
      Pass pass,
      Map<String, Long> findings,
      Mitigated mitigated) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("counts", result);
    report.put("rejects", rejects);
    report.put("pairs", identity.record());
    report.put("findings", findings);
    report.put("agreement", Agreement.of(pass.dossiers().rows(), pass.panel().profiles().keySet()));
    report.put("agreementWithMostOthers", pass.panel().everybody().agreement());
    report.put("annotators", annotators(pass.panel()));
    report.put(
        "biases",
        mitigated.biases().estimates().stream().filter(each -> each.annotator() == null).toList());
    report.put("mitigations", mitigated.effects());
    report.put(
        "contradictions", Contradictions.worst(pass.dossiers().rows(), mitigated.settlement()));
    return report;
  }

  private static Map<String, Object> annotators(Panel panel) {
    Map<String, Object> summary = new LinkedHashMap<>();
    Map<String, Long> flags = new TreeMap<>();
    for (Profile profile : panel.profiles().values()) {
      profile.flags().forEach(flag -> flags.merge(flag, 1L, Long::sum));
    }
    double[] reliability =
        panel.profiles().values().stream().mapToDouble(Profile::reliability).sorted().toArray();
    summary.put("named", reliability.length);
    summary.put("flags", flags);
    summary.put("flagged", panel.flagged().stream().limit(100).toList());
    if (reliability.length > 0) {
      summary.put(
          "reliability",
          Map.of(
              "lowest", reliability[0],
              "median", reliability[reliability.length / 2],
              "highest", reliability[reliability.length - 1]));
    }
    return summary;
  }
}

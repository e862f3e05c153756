package org.plumbline.curate;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.plumbline.config.BiasSettings;
import org.plumbline.curate.bias.BiasReport;
import org.plumbline.curate.bias.Biases;
import org.plumbline.curate.bias.MitigationEffect;
import org.plumbline.curate.bias.Mitigations;

/**
 * Pairs as they are settled once biases are measured and, as far as settings ask for it, taken off.
 *
 * @param effects what each mitigation does by itself, by its setting, and {@code all} of them
 */
record Mitigated(
    Settlement settlement, int rounds, BiasReport biases, Map<String, MitigationEffect> effects) {
  private static final StructType POSTERIOR =
      new StructType().add("pair_id", StringType, false).add("left_better", DoubleType, false);

  /** Measures biases of {@code votes}, and fits again without them. */
  static Mitigated of(Pass pass, Dataset<Row> votes, BiasSettings settings, Fitting fitting) {
    Dataset<Row> dossiers = pass.dossiers().rows();
    Settlement plain = new Settlement(pass.pairs().belief(), Mitigations.none());
    Dataset<Row> before = posteriors(dossiers, plain);
    BiasReport biases = Biases.measure(votes, before, settings);
    Map<String, BiasSettings> single = single(settings);
    Map<String, MitigationEffect> effects = new LinkedHashMap<>();
    Settlement last = plain;
    int rounds = pass.pairs().rounds();
    if (single.size() > 1) {
      single.put("all", settings);
    }
    for (Map.Entry<String, BiasSettings> each : single.entrySet()) {
      Mitigations mitigations = Mitigations.of(biases, each.getValue());
      Fitting.Fitted fitted = fitting.pairs(dossiers, mitigations);
      last = new Settlement(fitted.belief(), mitigations);
      rounds = fitted.rounds();
      effects.put(each.getKey(), MitigationEffect.of(votes, before, posteriors(dossiers, last)));
    }
    return new Mitigated(last, rounds, biases, effects);
  }

  /** Settings that ask for one mitigation each. */
  private static Map<String, BiasSettings> single(BiasSettings all) {
    BiasSettings none = all.measuredOnly();
    Map<String, BiasSettings> single = new LinkedHashMap<>();
    put(
        "position " + all.position(),
        new BiasSettings(
            all.position(), false, "none", all.iterations(), all.minVotes(), all.models()),
        none,
        single);
    put(
        "length-controlled",
        new BiasSettings(
            "none", all.lengthControlled(), "none", all.iterations(), all.minVotes(), all.models()),
        none,
        single);
    put(
        "groups " + all.groups(),
        new BiasSettings(
            "none", false, all.groups(), all.iterations(), all.minVotes(), all.models()),
        none,
        single);
    return single;
  }

  private static void put(
      String name, BiasSettings settings, BiasSettings none, Map<String, BiasSettings> single) {
    if (!settings.equals(none)) {
      single.put(name, settings);
    }
  }

  static Dataset<Row> posteriors(Dataset<Row> dossiers, Settlement settlement) {
    return dossiers
        .sparkSession()
        .createDataFrame(
            dossiers
                .select("items")
                .javaRDD()
                .flatMap(
                    row ->
                        settlement.settle(Rows.list(row, 0, Item::of)).stream()
                            .map(settled -> RowFactory.create(settled.item().id(), settled.left()))
                            .iterator()),
            POSTERIOR);
  }
}

package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.plumbline.config.SpamSettings;
import org.plumbline.table.AnnotatorsTable;

/** Everybody who is named, by name, and the habits of all votes together. */
record Panel(Map<String, Profile> profiles, Habits everybody) {
  /**
   * Draws the profiles of {@code census}.
   *
   * @param pairs whom to believe on pairs
   * @param verdicts whom to believe on yes and no, for those who said nothing else
   */
  static Panel of(
      Census census, Dossiers dossiers, Belief pairs, Belief verdicts, SpamSettings rules) {
    Map<String, Habits> habits =
        Habits.measure(dossiers.rows().select("items", "verdicts").javaRDD());
    Courses courses = Courses.of(dossiers.rows());
    SpamRules spam = new SpamRules(rules);
    Map<String, Profile> profiles = new TreeMap<>();
    census
        .people()
        .forEach(
            (name, person) -> {
              Habits own = habits.getOrDefault(name, Habits.NONE);
              Streak streak = courses.streaks().getOrDefault(name, Streak.NONE);
              Belief belief = pairs.knows(name) || !verdicts.knows(name) ? pairs : verdicts;
              profiles.put(
                  name,
                  new Profile(
                      name,
                      person,
                      belief.reliability(Optional.of(name)),
                      own,
                      streak,
                      courses.drifts().get(name),
                      spam.broken(person, own, streak)));
            });
    return new Panel(profiles, habits.values().stream().reduce(Habits.NONE, Habits::plus));
  }

  /** Those who break a rule. */
  List<String> flagged() {
    return profiles.values().stream()
        .filter(profile -> !profile.flags().isEmpty())
        .map(Profile::annotator)
        .toList();
  }

  /** These, and those of {@code others} that are not among these. */
  Panel with(Panel others) {
    Map<String, Profile> all = new TreeMap<>(others.profiles);
    all.putAll(profiles);
    return new Panel(all, everybody);
  }

  /** Writes the annotators table. */
  void write(SparkSession spark, String path) {
    List<Row> rows = new ArrayList<>();
    profiles.values().forEach(profile -> rows.add(profile.row()));
    AnnotatorsTable.TABLE.write(spark.createDataFrame(rows, AnnotatorsTable.TABLE.schema()), path);
  }
}

package org.plumbline.curate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/**
 * Reads all judgments of one prompt, of every kind.
 *
 * @param calibration of ratings
 * @param maxResponses of a prompt; beyond that, those judged least are left out and counted
 * @param maxVotes of a prompt, by the judgments in them; beyond that, votes are left out and
 *     counted
 */
record DossierMaker(
    List<Reading> readings, Calibration calibration, int maxResponses, long maxVotes)
    implements Serializable {
  static final String USED = "used ";
  static final String RESPONSES = "left out responses beyond curate.max-responses";
  static final String VOTES = "left out votes beyond curate.max-votes";

  static DossierMaker with(Calibration calibration, int maxResponses, long maxVotes) {
    return new DossierMaker(
        List.of(
            new RankingReading(),
            new RatingReading(calibration),
            new BinaryReading(),
            new CritiqueReading()),
        calibration,
        maxResponses,
        maxVotes);
  }

  /**
   * The dossier of a prompt.
   *
   * @param rows of type {@link Compaction#TYPE}, sorted by judgment
   */
  Dossier make(String promptId, List<Row> rows) {
    PromptTexts texts = PromptTexts.of(rows);
    Map<String, Long> tallies = new TreeMap<>();
    List<Judgment> judgments = limited(rows.stream().map(Judgment::of).toList(), tallies);
    VoteBox box = new VoteBox(promptId, texts, maxVotes);
    for (boolean gold : new boolean[] {false, true}) {
      List<Judgment> own = judgments.stream().filter(each -> each.gold() == gold).toList();
      readings.forEach(reading -> reading.read(own, box));
    }
    count(VOTES, box.leftOut(), tallies);
    List<Item> items = box.items();
    countUsed(judgments, items, tallies);
    return new Dossier(
        promptId,
        texts.split(),
        texts.prompt(),
        texts.texts(),
        items,
        alone("binary", promptId, judgments, texts, each -> each.answer().acceptable() ? 1 : -1),
        alone("rating", promptId, judgments, texts, calibration::standardised),
        judgments.stream()
            .filter(each -> each.annotator().isPresent() && !each.gold())
            .map(Turn::of)
            .toList(),
        tallies);
  }

  private List<Judgment> limited(List<Judgment> judgments, Map<String, Long> tallies) {
    Map<String, Integer> judged = new HashMap<>();
    for (Judgment judgment : judgments) {
      Stream.concat(judgment.responses().stream(), Stream.ofNullable(judgment.answer().revision()))
          .forEach(id -> judged.merge(id, 1, Integer::sum));
    }
    if (judged.size() <= maxResponses) {
      return judgments;
    }
    Set<String> kept =
        judged.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(maxResponses)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    count(RESPONSES, judged.size() - maxResponses, tallies);
    return judgments.stream().flatMap(each -> each.restrictedTo(kept).stream()).toList();
  }

  /** What judgments of {@code kind} say of single responses. */
  private static List<Verdict> alone(
      String kind,
      String promptId,
      List<Judgment> judgments,
      PromptTexts texts,
      ToDoubleFunction<Judgment> value) {
    Map<String, List<Verdict.Say>> says = new TreeMap<>();
    for (Judgment judgment : judgments) {
      if (judgment.is(kind)) {
        says.computeIfAbsent(judgment.response(), key -> new ArrayList<>())
            .add(Verdict.Say.of(judgment, value.applyAsDouble(judgment)));
      }
    }
    return says.entrySet().stream()
        .map(
            entry ->
                new Verdict(
                    TextId.of(promptId + entry.getKey()),
                    entry.getKey(),
                    texts.problem(entry.getKey()),
                    entry.getValue()))
        .toList();
  }

  private static void countUsed(
      List<Judgment> judgments, List<Item> items, Map<String, Long> tallies) {
    Set<String> used =
        items.stream()
            .flatMap(item -> item.votes().stream())
            .flatMap(vote -> vote.judgments().stream())
            .collect(Collectors.toSet());
    for (Judgment judgment : judgments) {
      if (judgment.is("binary", "rating") || used.contains(judgment.id())) {
        count(USED + judgment.kind(), 1, tallies);
      }
    }
  }

  private static void count(String name, long more, Map<String, Long> tallies) {
    if (more > 0) {
      tallies.merge(name, more, Long::sum);
    }
  }
}

package org.plumbline.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.SharedData;

/** Three published sets of labels by crowds, whose truth is known. */
class CrowdTest {
  private record Crowd(JavaRDD<LabelledItem> items, Workers workers, Map<String, Integer> truth) {
    /** Share of items whose label is right; where several are the most probable, a part of one. */
    double accuracy(AnnotatorModel model) {
      double right = 0;
      for (var item : model.posteriors(items).collect()) {
        double[] posterior = item._2();
        double most = Arrays.stream(posterior).max().orElseThrow();
        double ties = Arrays.stream(posterior).filter(p -> p > most - 1e-12).count();
        right += posterior[truth.get(item._1())] > most - 1e-12 ? 1 / ties : 0;
      }
      return 100 * right / truth.size();
    }
  }

  private static Crowd read(String name) throws IOException {
    Map<String, List<Answer>> answers = new LinkedHashMap<>();
    for (String[] row : rows(name + "/label.csv")) {
      answers
          .computeIfAbsent(row[0], item -> new ArrayList<>())
          .add(Answer.of(row[1], Integer.parseInt(row[2])));
    }
    Workers workers =
        Workers.of(
            answers.values().stream()
                .flatMap(List::stream)
                .map(answer -> answer.worker().orElseThrow())
                .toList());
    List<LabelledItem> items = new ArrayList<>();
    answers.forEach((id, given) -> items.add(LabelledItem.of(id, given, workers)));
    Map<String, Integer> truth = new LinkedHashMap<>();
    rows(name + "/truth.csv").forEach(row -> truth.put(row[0], Integer.parseInt(row[1])));
    return new Crowd(
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
            .parallelize(items, 2)
            .cache(),
        workers,
        truth);
  }

  private static List<String[]> rows(String file) throws IOException {
    return Files.readAllLines(SharedData.path("data/crowd/" + file)).stream()
        .skip(1)
        .map(line -> line.split(","))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "bluebird, 2, 75.93, 89.81, 58.33, 0.1255",
    "rte, 2, 89.69, 92.75, 92.50, 0.2415",
    "dog, 4, 82.22, 84.26, 83.02, 0.5194"
  })
  void labelsAreAsRightAsPublished(
      String name, int classes, double majority, double dawidSkene, double oneCoin, double alpha)
      throws IOException {
    Crowd crowd = read(name);
    int workers = crowd.workers().size();
    FitSettings settings =
        new FitSettings(AnnotatorPrior.smoothing(0.01, classes), ClassPrior.LEARNED, 100, 0);
    AnnotatorModel votes = Majority.fit(crowd.items(), classes, workers, 1.0 / classes);
    AnnotatorModel confusions =
        DawidSkene.fit(crowd.items(), classes, workers, settings, Fit.Listener.SILENT).model();
    FitSettings coin = new FitSettings(new AnnotatorPrior(0.75, 4), ClassPrior.LEARNED, 100, 0);
    AnnotatorModel coins =
        OneCoin.fit(crowd.items(), classes, workers, coin, Fit.Listener.SILENT).model();
    assertThat(crowd.accuracy(votes)).isCloseTo(majority, within(0.01));
    assertThat(crowd.accuracy(confusions)).isCloseTo(dawidSkene, within(0.3));
    assertThat(crowd.accuracy(coins)).isCloseTo(oneCoin, within(0.3));
    assertThat(
            AgreementStatistics.of(crowd.items(), classes, null)
                .alpha()
                .get(KrippendorffAlpha.NOMINAL))
        .isCloseTo(alpha, within(5e-5));
  }
}

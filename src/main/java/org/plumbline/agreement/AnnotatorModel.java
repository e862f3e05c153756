package org.plumbline.agreement;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/** Says how probable each label of an item is, given who gave which. */
public sealed interface AnnotatorModel extends Serializable permits Majority, OneCoin, DawidSkene {
  /**
   * P(true label = c) by the answers, shape [C], sums to 1. Without answers it is what it was
   * before them. A known truth is not looked at: it says something of workers, when they are
   * fitted.
   */
  double[] posterior(LabelledItem item);

  /** Probability that the worker of this number gives the right label. */
  double reliability(int worker);

  /** The reliability of everyone who is named. */
  default Map<String, Double> reliabilities(Workers workers) {
    Map<String, Double> reliabilities = new TreeMap<>();
    IntStream.range(1, workers.size())
        .forEach(w -> reliabilities.put(workers.name(w).orElseThrow(), reliability(w)));
    return reliabilities;
  }

  /** The posterior of every item, by its id. The model goes out once to each executor. */
  default JavaPairRDD<String, double[]> posteriors(JavaRDD<LabelledItem> items) {
    Broadcast<AnnotatorModel> model =
        JavaSparkContext.fromSparkContext(items.context()).broadcast(this);
    return items.mapToPair(item -> Tuple2.apply(item.id(), model.value().posterior(item)));
  }
}

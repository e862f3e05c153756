package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plumbline.agreement.AnnotatorModel;
import org.plumbline.agreement.Answer;
import org.plumbline.agreement.LabelledItem;
import org.plumbline.agreement.Workers;

/** Belief by a model that looks at each question by itself. Left is label 0, right is label 1. */
record ModelBelief(AnnotatorModel model, Workers workers) implements Belief {
  /** Left and right. */
  static final int SIDES = 2;

  /** A question as models know it, with what is known of its answer. Nobody asks for its id. */
  static LabelledItem item(Ballots question, Workers workers) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < question.workers().length; i++) {
      answers.add(
          Answer.preferring(Optional.ofNullable(question.workers()[i]), question.preferences()[i]));
    }
    LabelledItem item = LabelledItem.of("", answers, workers);
    return question.truth() == 0 ? item : item.knowing(question.truth() > 0 ? 0 : 1);
  }

  @Override
  public double[] leftBetter(List<Ballots> questions) {
    return questions.stream()
        .mapToDouble(each -> model.posterior(item(each, workers))[0])
        .toArray();
  }

  @Override
  public double reliability(int worker) {
    return model.reliability(worker);
  }
}

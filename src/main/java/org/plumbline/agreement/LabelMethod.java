package org.plumbline.agreement;

/** A way to make one label of many. */
enum LabelMethod {
  MAJORITY("majority") {
    @Override
    Fit<? extends AnnotatorModel> fit(LabelTable table, LabelReport.Options options) {
      int classes = table.labels().classes();
      Majority votes = Majority.fit(table.items(), classes, table.workers().size(), 1.0 / classes);
      return new Fit<>(votes, 0, 0, true);
    }
  },
  ONE_COIN("one-coin") {
    @Override
    Fit<? extends AnnotatorModel> fit(LabelTable table, LabelReport.Options options) {
      return OneCoin.fit(
          table.items(),
          table.labels().classes(),
          table.workers().size(),
          options.settings(COIN),
          Fit.Listener.SILENT);
    }
  },
  DAWID_SKENE("dawid-skene") {
    @Override
    Fit<? extends AnnotatorModel> fit(LabelTable table, LabelReport.Options options) {
      int classes = table.labels().classes();
      return DawidSkene.fit(
          table.items(),
          classes,
          table.workers().size(),
          options.settings(AnnotatorPrior.smoothing(options.smoothing(), classes)),
          Fit.Listener.SILENT);
    }

    @Override
    boolean fits(LabelTable table) {
      return DawidSkene.fits(table.labels().classes(), table.workers().size());
    }
  };

  /** People are expected to be right three times of four, as if that had been seen of 4 answers. */
  private static final AnnotatorPrior COIN = new AnnotatorPrior(0.75, 4);

  private final String title;

  LabelMethod(String title) {
    this.title = title;
  }

  abstract Fit<? extends AnnotatorModel> fit(LabelTable table, LabelReport.Options options);

  /** Whether memory is enough. */
  boolean fits(LabelTable table) {
    return true;
  }

  @Override
  public String toString() {
    return title;
  }
}

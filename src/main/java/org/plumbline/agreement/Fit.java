package org.plumbline.agreement;

import java.io.Serializable;
import java.util.function.ToDoubleBiFunction;
import java.util.function.UnaryOperator;

/**
 * A fitted model.
 *
 * @param model as the last round left it
 * @param rounds rounds of expectation and maximisation
 * @param change by how much the last round moved the parameter that it moved most
 * @param settled whether that is within the tolerance
 */
public record Fit<M extends Serializable>(M model, int rounds, double change, boolean settled) {
  /** Is told how far a fit has come. */
  public interface Listener {
    /** Hears nothing. */
    Listener SILENT = (round, change) -> {};

    /**
     * Round {@code round} (from 1) is done; the largest change of a parameter was {@code change}.
     */
    void round(int round, double change);
  }

  /** Refits {@code start} until it settles. */
  static <M extends Serializable> Fit<M> of(
      M start,
      UnaryOperator<M> refit,
      ToDoubleBiFunction<M, M> distance,
      FitSettings settings,
      Listener listener) {
    M model = start;
    double change = Double.POSITIVE_INFINITY;
    int round = 0;
    while (round < settings.iterations() && change > settings.tolerance()) {
      M next = refit.apply(model);
      change = distance.applyAsDouble(model, next);
      model = next;
      listener.round(++round, change);
    }
    return new Fit<>(model, round, change, change <= settings.tolerance());
  }
}

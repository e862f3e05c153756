package org.plumbline.agreement;

/**
 * A concave function of abilities s, near its current point: sum over games e of win_e log
 * sigma(s_i - s_j) + loss_e log sigma(s_j - s_i), minus precision / 2 times the sum of squares of
 * s. Newton's step solves (-Hessian) step = gradient by conjugate gradients, which needs no matrix:
 * a prompt of a thousand responses costs as much as its games.
 */
final class AbilityCurve {
  private static final double SMALLEST_RESIDUAL = 1e-12;

  private final int[] left;
  private final int[] right;
  private final double precision;
  private final double[] gradient;
  private final double[] curvature;

  AbilityCurve(int[] left, int[] right, int players, double precision) {
    this.left = left;
    this.right = right;
    this.precision = precision;
    this.gradient = new double[players];
    this.curvature = new double[left.length];
  }

  /** Takes the point {@code s}; {@code wins} and {@code losses} are of each game's left player. */
  void at(double[] s, double[] wins, double[] losses) {
    for (int p = 0; p < s.length; p++) {
      gradient[p] = -precision * s[p];
    }
    for (int e = 0; e < left.length; e++) {
      double p = LogSpace.sigmoid(s[left[e]] - s[right[e]]);
      double slope = wins[e] * (1 - p) - losses[e] * p;
      gradient[left[e]] += slope;
      gradient[right[e]] -= slope;
      curvature[e] = (wins[e] + losses[e]) * p * (1 - p);
    }
  }

  /** Newton's step from the point; shape [players]. */
  double[] step() {
    double[] step = new double[gradient.length];
    double[] residual = gradient.clone();
    double[] direction = gradient.clone();
    double size = dot(residual, residual);
    double enough = size * SMALLEST_RESIDUAL;
    for (int i = 0; i < step.length && size > enough; i++) {
      double[] curved = curved(direction);
      double along = dot(direction, curved);
      if (!(along > 0)) {
        break;
      }
      double rate = size / along;
      for (int p = 0; p < step.length; p++) {
        step[p] += rate * direction[p];
        residual[p] -= rate * curved[p];
      }
      double next = dot(residual, residual);
      for (int p = 0; p < step.length; p++) {
        direction[p] = residual[p] + next / size * direction[p];
      }
      size = next;
    }
    return step;
  }

  /** (-Hessian) v. */
  private double[] curved(double[] v) {
    double[] curved = new double[v.length];
    for (int p = 0; p < v.length; p++) {
      curved[p] = precision * v[p];
    }
    for (int e = 0; e < left.length; e++) {
      double bend = curvature[e] * (v[left[e]] - v[right[e]]);
      curved[left[e]] += bend;
      curved[right[e]] -= bend;
    }
    return curved;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}

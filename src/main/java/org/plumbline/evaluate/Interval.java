package org.plumbline.evaluate;

/** Where a share lies with 95 % confidence. */
record Interval(double low, double high) {
  private static final double Z = 1.959963984540054;

  /** The score interval of {@code share} among {@code count} (Wilson 1927). */
  static Interval ofShare(double share, long count) {
    double z2 = Z * Z / count;
    double centre = (share + z2 / 2) / (1 + z2);
    double half = Z / (1 + z2) * Math.sqrt(share * (1 - share) / count + z2 / (4 * count));
    return new Interval(centre - half, centre + half);
  }
}

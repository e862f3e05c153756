package org.plumbline.quickstart;

/** Makes the choices that a grammar leaves open. */
interface Chooser {
  /** One of {@code n}, none preferred: at least 0 and below {@code n}. */
  int any(int n);

  /** One of {@code n}, the first ones preferred: at least 0 and below {@code n}. */
  int favourite(int n);
}

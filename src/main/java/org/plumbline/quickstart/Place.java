package org.plumbline.quickstart;

/**
 * Where a reply stood when it was judged.
 *
 * @param index in the row, from 0
 * @param position on the screen, from 0
 * @param among how many were shown
 */
record Place(int index, int position, int among) {
  /** The place of a reply that is judged on its own. */
  static Place alone(int index) {
    return new Place(index, 0, 1);
  }

  boolean aboveOthers() {
    return position == 0 && among > 1;
  }
}

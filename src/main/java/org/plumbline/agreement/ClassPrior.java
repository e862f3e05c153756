package org.plumbline.agreement;

/** How common each label is before anybody has answered. */
public enum ClassPrior {
  /** All the same: right where labels are sides that were drawn by lot, such as left and right. */
  UNIFORM,
  /** Estimated from the answers with everything else. */
  LEARNED
}

package org.plumbline.train;

import java.io.Serializable;
import java.util.Map;

/**
 * What one optimizer step did.
 *
 * @param step counted from 1
 * @param means figures by name, over all ranks
 */
public record Update(long step, Map<String, Double> means) implements Serializable {
  /** The name of the loss among the figures. */
  public static final String LOSS = "loss";
}

/**
 * From judgments to preference pairs that say how sure they are. Reads the table {@code feedback};
 * writes {@code pairs} and {@code annotators}. Each kind of judgment becomes votes on pairs of
 * responses; a model of the annotators says how much each vote counts.
 */
package org.plumbline.curate;

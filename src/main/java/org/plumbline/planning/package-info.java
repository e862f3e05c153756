/**
 * What to ask people next: how many judgments a pair needs, which pairs, and whom. Reads the tables
 * {@code votes}, {@code pairs}, {@code annotators} and {@code feedback}; writes a labelling batch
 * and the table {@code assignments}.
 */
package org.plumbline.planning;

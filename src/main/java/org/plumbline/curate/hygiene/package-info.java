/**
 * What is wrong with judgments: duplicates, contradictions, leaks, outliers, personal data. Reads
 * judgments, votes and pairs, and says which of them to keep; what it finds is the table {@code
 * findings}.
 */
package org.plumbline.curate.hygiene;

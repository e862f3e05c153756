/** Judges: what a completion is worth, by rule. Evaluation finds them by name. */
package org.plumbline.judge;

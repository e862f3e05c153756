/** From tables to numbers: accuracy, compliance, refusal, KL. */
package org.plumbline.evaluate;

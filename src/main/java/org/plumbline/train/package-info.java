/** A replica: micro-batches, gradient, clipping, AdamW, schedules. */
package org.plumbline.train;

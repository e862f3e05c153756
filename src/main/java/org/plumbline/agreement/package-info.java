/**
 * Who to believe, and how far people agree. Reads answers: who (a worker) gave which label to what
 * (an item); knows nothing of prompts or files. Annotator models ({@link
 * org.plumbline.agreement.Majority}, {@link org.plumbline.agreement.OneCoin}, {@link
 * org.plumbline.agreement.DawidSkene}, {@link org.plumbline.agreement.AnnotatedBradleyTerry}) give
 * the probability of every label; statistics say by how much agreement exceeds chance. Writes
 * nothing.
 *
 * <p>Shapes: C labels, W workers (worker 0 stands for everybody without a name), I items.
 */
package org.plumbline.agreement;

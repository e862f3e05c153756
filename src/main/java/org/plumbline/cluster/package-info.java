/**
 * What Spark's executors need to train together: gangs of tasks that add up their gradients, and
 * what an executor keeps between tasks.
 *
 * <p>A gang is the tasks of one barrier stage. Each asks the driver's {@link Rendezvous} where the
 * others are; then they form a ring over Spark's own network library, authenticated and encrypted
 * when Spark is. Reads and writes no tables.
 */
package org.plumbline.cluster;

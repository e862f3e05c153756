/**
 * Verified folders on any Hadoop file system, written so that a reader sees a whole one or none.
 *
 * <p>Reads and writes {@code step-00000123/}: the files of a model as other tools know them, beside
 * them {@code plumbline/state.json} and, written last, {@code plumbline/manifest.json} with the
 * size and SHA-256 of every file. No rename is needed, so an object store is as safe as HDFS.
 */
package org.plumbline.checkpoint;

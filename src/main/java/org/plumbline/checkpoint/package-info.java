/** Atomic, verified folders on any Hadoop file system. */
package org.plumbline.checkpoint;

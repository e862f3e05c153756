/** Spark gangs, collectives, and what an executor keeps between tasks. */
package org.plumbline.cluster;

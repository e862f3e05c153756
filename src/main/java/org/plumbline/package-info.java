/** The command line: one subcommand per job, and the order in which the main job runs them. */
package org.plumbline;

/** The small world: writes ordinary input files and knows everyone's true quality. */
package org.plumbline.quickstart;

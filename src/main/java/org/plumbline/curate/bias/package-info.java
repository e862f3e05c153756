/**
 * What votes were for apart from quality: the place on the page, length, one's own group, a source
 * model. Measures each with an interval, and takes it off votes and posteriors. Reads rows of the
 * tables {@code votes} and posteriors of pairs; makes rows of {@code biases}.
 */
package org.plumbline.curate.bias;

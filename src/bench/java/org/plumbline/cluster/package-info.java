/** What a benchmark needs of the package of the same name that it does not show. */
package org.plumbline.cluster;

/** What tests share: a Spark session and the data beside the repository. */
package org.plumbline.testing;

/** What every stage is given, and where a run keeps what stages write. */
package org.plumbline.stage;

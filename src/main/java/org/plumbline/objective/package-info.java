/** One equation per file: losses, advantage estimators, KL. Knows arrays only. */
package org.plumbline.objective;

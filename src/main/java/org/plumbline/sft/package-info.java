/** Demonstrations to the starting policy: token table in, checkpoint out. */
package org.plumbline.sft;

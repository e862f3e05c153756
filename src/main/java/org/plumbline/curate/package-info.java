/** From the feedback table to preference pairs that say how sure they are. */
package org.plumbline.curate;

/** Human judgments of all kinds, from files, to the feedback table and to rejects with reasons. */
package org.plumbline.feedback;

/**
 * Human judgments of all kinds, with demonstrations and prompts. Reads JSON files of several
 * layouts; writes the tables {@code feedback}, {@code demonstrations} and {@code prompts}, and
 * {@code rejects} with the reason why a row could not be used.
 */
package org.plumbline.feedback;

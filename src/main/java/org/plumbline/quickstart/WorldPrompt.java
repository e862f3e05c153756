package org.plumbline.quickstart;

/**
 * A request: a topic in a phrasing.
 *
 * @param phrasing index into the world's phrasings
 * @param split {@code train} or {@code heldout}
 */
record WorldPrompt(Topic topic, int phrasing, String text, String split) {}

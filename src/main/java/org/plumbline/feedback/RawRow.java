package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A row as it stands in a file.
 *
 * @param line counted from 1
 * @param element its place in a JSON array, counted from 1; 0 in a file of lines
 * @param text as it was written, or as JSON writes it again
 * @param json empty if the text is no JSON
 */
record RawRow(long line, long element, String text, Optional<JsonNode> json) {}

/**
 * Whether the equations give what their papers say. Reads cases: inputs of an equation, and what
 * comes of them by the cited formula, worked out elsewhere. Runs the equations that training and
 * curation run, and says how far they are off. Writes nothing.
 */
package org.plumbline.conformance;

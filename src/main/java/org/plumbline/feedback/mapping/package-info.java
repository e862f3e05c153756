/**
 * The mapping language: a YAML file that says how a row of some format becomes judgments. Reads
 * mapping files; turns rows of JSON into rows of the project's own layout, one a judgment.
 */
package org.plumbline.feedback.mapping;

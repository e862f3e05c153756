/**
 * Chat template, tokenizer and truncation: from text tables to token tables. Reads {@code pairs},
 * {@code unpaired}, {@code demonstrations} and {@code prompts}; writes the tables of the same names
 * below {@code tokens}.
 */
package org.plumbline.tokens;

/** Chat template, tokenizer and truncation: from text tables to token tables. */
package org.plumbline.tokens;

/** One class per table: columns, types, version. Every arrow between two stages is one of these. */
package org.plumbline.table;

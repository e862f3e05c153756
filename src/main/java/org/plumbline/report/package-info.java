/** The HTML report. Reads tables and results only. */
package org.plumbline.report;

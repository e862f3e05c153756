/**
 * The report: one HTML file that shows a whole run and loads nothing from anywhere.
 *
 * <p>Reads {@code <stage>/result.json}, {@code curate/quality.json}, {@code <stage>/metrics}, the
 * tables that feedback, curation and evaluation wrote, and {@code settings.yaml}; writes {@code
 * report/index.html}. Knows tables only, no models. Whatever a run has not produced is left out,
 * and the page says so.
 */
package org.plumbline.report;

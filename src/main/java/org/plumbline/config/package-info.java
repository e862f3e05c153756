/** Settings as records, read from {@code conf/*.yaml}; names are looked up nowhere else. */
package org.plumbline.config;

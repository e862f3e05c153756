package org.plumbline.config;

/**
 * One YAML text with settings.
 *
 * @param name where the text came from, as people know it; named in every complaint about it
 * @param text the YAML itself
 */
public record SettingsSource(String name, String text) {}

package org.plumbline.config;

/**
 * What there is to know of a setting.
 *
 * @param allowed values, in words; empty if anything is
 */
public record SettingNote(String key, String defaultValue, String allowed, String purpose) {}

package org.plumbline.chat.jinja;

/** The value of a name that nobody gave one: prints as nothing, is false, and has no parts. */
record Undefined(String name) {}

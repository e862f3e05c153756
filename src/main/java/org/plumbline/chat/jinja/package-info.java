/**
 * The template language of chat templates. Reads a template and the values it is given; writes
 * text. {@link org.plumbline.chat.jinja.Jinja} is the door.
 */
package org.plumbline.chat.jinja;

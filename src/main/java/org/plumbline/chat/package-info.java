/**
 * Dialogues as models read them: chat templates, and with a tokenizer the ids of prompts and
 * responses. Reads a model's folder; writes nothing. {@link org.plumbline.chat.Chat} is the door.
 */
package org.plumbline.chat;

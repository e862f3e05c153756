package org.plumbline.config;

import java.io.Serializable;

/** The small world. */
public record QuickstartSettings(
    @Setting(value = "2000", min = 100, doc = "requests in the world") int prompts,
    @Setting(value = "12000", min = 1, doc = "dialogues to pretrain on") int demonstrations,
    @Setting(value = "12", min = 2, doc = "simulated annotators") int annotators,
    @Setting(value = "768", min = 300, doc = "entries of the tokenizer") int vocabulary,
    FaultSettings faults)
    implements Serializable {}

package org.plumbline;

import java.util.List;

/**
 * What there is to know of a method.
 *
 * @param name as {@code compare.methods} or a setting has it
 * @param title as people call it
 * @param loss its equation, of one example
 * @param paper where it is from; numbers are of arXiv
 * @param use when to take it
 * @param data what it learns from
 * @param keys of settings that are its own
 */
record MethodCard(
    String name,
    String title,
    String loss,
    String paper,
    String use,
    String data,
    List<String> keys) {}

package org.plumbline.config;

import java.io.Serializable;

/**
 * When two texts are nearly the same. Texts whose Jaccard similarity is s are compared with
 * probability 1 - (1 - s^rows)^bands.
 */
public record NearSettings(
    @Setting(value = "3", min = 1, doc = "words of a shingle, case and punctuation aside")
        int shingleWords,
    @Setting(
            value = "0.8",
            min = 0,
            max = 1,
            doc = "Jaccard similarity of two texts' shingles from which they are nearly the same")
        double similarity,
    @Setting(
            value = "8",
            min = 1,
            doc = "bands of MinHash values; texts that agree in a band are compared")
        int bands,
    @Setting(value = "4", min = 1, doc = "MinHash values of a band") int rows)
    implements Serializable {}

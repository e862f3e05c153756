/** Decoders, kernels, Hugging Face folders in and out, tokenizers, generation. */
package org.plumbline.model;

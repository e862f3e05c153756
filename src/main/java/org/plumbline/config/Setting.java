package org.plumbline.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One setting: its default, what it may be, and what it is for. The key is the name of the record
 * component in kebab case, below the key of the record that holds it: {@code ppo.clip-range}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** The default, as one would write it in YAML. */
  String value();

  /** What it is for, in one line, with its unit. */
  String doc();

  /** The least value allowed. */
  double min() default Double.NEGATIVE_INFINITY;

  /** The greatest value allowed. */
  double max() default Double.POSITIVE_INFINITY;

  /** Whether {@code min} and {@code max} themselves are refused. */
  boolean exclusive() default false;

  /** The words allowed; empty if any will do. */
  String[] oneOf() default {};
}

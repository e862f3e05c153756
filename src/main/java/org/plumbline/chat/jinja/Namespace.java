package org.plumbline.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** The one thing that a template can change from within a loop. */
final class Namespace extends LinkedHashMap<String, Object> {
  private static final long serialVersionUID = 1L;

  Namespace(Map<String, Object> values) {
    super(values);
  }
}

package org.plumbline.chat.jinja;

import java.util.List;
import java.util.Map;

/** What a template can call: a macro, one of the few functions, or a method of a value. */
interface Callable {
  Object call(List<Object> arguments, Map<String, Object> named);
}

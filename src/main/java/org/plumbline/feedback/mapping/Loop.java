package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Goes through the elements of a list, the values of an object, or what several paths lead to.
 *
 * @param name by which paths get at what the loop stands at
 * @param kind what the paths are
 */
record Loop(String name, Kind kind, List<FieldPath> paths) implements Serializable {
  /** What is gone through. */
  enum Kind {
    /** The elements or values of what the one path leads to. */
    ELEMENTS,
    /** Whatever each of the paths leads to, if it is there. */
    PATHS,
    /** The different plain values among the elements of the one path. */
    DISTINCT
  }

  /** The scopes inside the loop, in order. What is not there is gone through zero times. */
  List<Scope> over(Scope scope) throws Unmapped {
    return switch (kind) {
      case ELEMENTS -> elements(scope);
      case PATHS -> paths(scope);
      case DISTINCT -> distinct(scope);
    };
  }

  private List<Scope> elements(Scope scope) throws Unmapped {
    JsonNode node = container(scope);
    List<Scope> scopes = new ArrayList<>();
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry ->
                  scopes.add(scope.with(name, new Scope.Bound(entry.getValue(), entry.getKey()))));
    } else {
      for (int i = 0; i < node.size(); i++) {
        scopes.add(scope.with(name, new Scope.Bound(node.get(i), Integer.toString(i))));
      }
    }
    return scopes;
  }

  private List<Scope> paths(Scope scope) {
    List<Scope> scopes = new ArrayList<>();
    for (FieldPath path : paths) {
      JsonNode node = path.in(scope);
      if (!node.isMissingNode()) {
        scopes.add(scope.with(name, new Scope.Bound(node, path.lastKey())));
      }
    }
    return scopes;
  }

  private List<Scope> distinct(Scope scope) throws Unmapped {
    Set<String> seen = new HashSet<>();
    List<Scope> scopes = new ArrayList<>();
    for (JsonNode node : container(scope)) {
      if (seen.add(node.asText())) {
        scopes.add(scope.with(name, new Scope.Bound(node, node.asText())));
      }
    }
    return scopes;
  }

  private JsonNode container(Scope scope) throws Unmapped {
    JsonNode node = paths.get(0).in(scope);
    if (!node.isContainerNode() && !node.isMissingNode()) {
      throw Unmapped.invalid(
          paths.get(0).text(), FieldPath.type(node), "a list or an object to go through");
    }
    return node;
  }

  /** The scopes inside all of {@code loops}, the last innermost. */
  static List<Scope> nest(List<Loop> loops, Scope outside) throws Unmapped {
    List<Scope> scopes = List.of(outside);
    for (Loop loop : loops) {
      List<Scope> inside = new ArrayList<>();
      for (Scope scope : scopes) {
        inside.addAll(loop.over(scope));
      }
      scopes = inside;
    }
    return scopes;
  }
}

package org.plumbline.curate.hygiene;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who beat whom in one prompt, and where that goes round. Work grows with the number of wins. */
record Tournament(Map<String, List<Tournament.Win>> won, Map<String, List<Tournament.Win>> lost) {
  /** A pair's majority. */
  record Win(String pairId, String winner, String loser) {}

  static Tournament of(Collection<Win> wins) {
    List<Win> sorted = wins.stream().sorted(Comparator.comparing(Win::pairId)).toList();
    return new Tournament(by(sorted, Win::winner), by(sorted, Win::loser));
  }

  private static Map<String, List<Win>> by(List<Win> wins, Function<Win, String> side) {
    return wins.stream().collect(Collectors.groupingBy(side, TreeMap::new, Collectors.toList()));
  }

  /** A shortest cycle through the first response of every strongly connected component. */
  List<List<Win>> cycles() {
    return components().stream()
        .filter(component -> component.size() > 1)
        .map(this::shortest)
        .sorted(Comparator.comparing(cycle -> cycle.get(0).winner()))
        .toList();
  }

  /** Kosaraju's algorithm (Sharir, Computers and Mathematics with Applications 7, 1981). */
  private List<TreeSet<String>> components() {
    Deque<String> finished = new ArrayDeque<>();
    Set<String> seen = new HashSet<>();
    won.keySet().forEach(start -> visit(start, seen, finished));
    List<TreeSet<String>> components = new ArrayList<>();
    Set<String> placed = new HashSet<>();
    for (String start : finished) {
      TreeSet<String> component = new TreeSet<>();
      Deque<String> open = new ArrayDeque<>(List.of(start));
      while (!open.isEmpty()) {
        String each = open.pop();
        if (placed.add(each)) {
          component.add(each);
          lost.getOrDefault(each, List.of()).forEach(win -> open.push(win.winner()));
        }
      }
      components.add(component);
    }
    return components;
  }

  /** Depth first without recursion: a chain may be longer than the stack is deep. */
  private void visit(String start, Set<String> seen, Deque<String> finished) {
    Deque<String> path = new ArrayDeque<>();
    Map<String, Integer> next = new HashMap<>();
    if (seen.add(start)) {
      path.push(start);
    }
    while (!path.isEmpty()) {
      String at = path.peek();
      List<Win> wins = won.getOrDefault(at, List.of());
      int i = next.merge(at, 1, Integer::sum) - 1;
      if (i == wins.size()) {
        finished.push(path.pop());
      } else if (seen.add(wins.get(i).loser())) {
        path.push(wins.get(i).loser());
      }
    }
  }

  private List<Win> shortest(TreeSet<String> component) {
    String start = component.first();
    Map<String, Win> reached = new HashMap<>();
    Deque<String> open = new ArrayDeque<>(List.of(start));
    while (!reached.containsKey(start)) {
      for (Win win : won.get(open.remove())) {
        if (component.contains(win.loser()) && reached.putIfAbsent(win.loser(), win) == null) {
          open.add(win.loser());
        }
      }
    }
    List<Win> cycle = new ArrayList<>();
    String at = start;
    do {
      cycle.add(0, reached.get(at));
      at = reached.get(at).winner();
    } while (!at.equals(start));
    return cycle;
  }
}

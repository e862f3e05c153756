package org.plumbline.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What people are told is wrong: likely causes of odd figures once, and alarms as they begin, when
 * they have got twice as bad, and when something is done about them.
 */
final class Notices {
  private final Control control;
  private final Set<String> diagnosed = new HashSet<>();
  private final Map<String, Double> alarmed = new HashMap<>();

  Notices(Control control) {
    this.control = control;
  }

  /** What to say after an iteration with these figures, which {@code verdict} was on. */
  List<String> after(Map<String, Double> figures, Control.Verdict verdict) {
    List<String> notices = new ArrayList<>();
    Diagnosis.of(figures)
        .forEach(
            (kind, sign) -> {
              if (diagnosed.add(kind)) {
                notices.add(sign);
              }
            });
    alarmed.keySet().removeIf(kind -> verdict.alarm().filter(now -> now.is(kind)).isEmpty());
    verdict
        .alarm()
        .filter(alarm -> verdict.action() != Control.Action.GO_ON || isNews(alarm))
        .ifPresent(
            alarm -> {
              alarmed.put(alarm.kind(), alarm.severity());
              notices.add(alarm.reason() + consequence(verdict.action()));
            });
    return notices;
  }

  private boolean isNews(Control.Alarm alarm) {
    Double before = alarmed.get(alarm.kind());
    return before == null || alarm.severity() >= 2 * before;
  }

  private String consequence(Control.Action action) {
    return switch (action) {
      case GO_ON -> "";
      case STOP -> "; training ends";
      case ROLL_BACK ->
          "; going on from iteration %d at %s of the learning rate"
              .formatted(control.version(), control.rate());
    };
  }
}

package org.plumbline.policy;

import java.util.ArrayList;
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
  private Control.Alarm told; // the last of its kind, as long as it lasts

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
    Control.Alarm alarm = verdict.alarm().orElse(null);
    if (alarm == null) {
      told = null;
    } else if (verdict.action() != Control.Action.GO_ON || isNews(alarm)) {
      told = alarm;
      notices.add(alarm.reason() + consequence(verdict.action()));
    }
    return notices;
  }

  private boolean isNews(Control.Alarm alarm) {
    return told == null
        || !told.kind().equals(alarm.kind())
        || (alarm.severity() > told.severity() && alarm.severity() >= 2 * told.severity());
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

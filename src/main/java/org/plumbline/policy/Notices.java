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
  private final Map<String, Control.Alarm> told = new HashMap<>(); // by kind, while it lasts

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
    told.keySet().retainAll(verdict.alarms().stream().map(Control.Alarm::kind).toList());
    List<Control.Alarm> news = verdict.alarms().stream().filter(this::isNews).toList();
    news.forEach(alarm -> told.put(alarm.kind(), alarm));
    if (verdict.action() == Control.Action.GO_ON) {
      news.forEach(alarm -> notices.add(alarm.reason()));
    } else {
      notices.add(verdict.reason() + consequence(verdict.action()));
    }
    return notices;
  }

  private boolean isNews(Control.Alarm alarm) {
    Control.Alarm before = told.get(alarm.kind());
    return before == null
        || (alarm.severity() > before.severity() && alarm.severity() >= 2 * before.severity());
  }

  private String consequence(Control.Action action) {
    return action == Control.Action.STOP
        ? "; training ends"
        : "; going on from iteration %d at %s of the learning rate"
            .formatted(control.version(), control.rate());
  }
}

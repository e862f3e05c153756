package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.List;

/** Composes replies: a form is a row of roles, and each role has sentences that can fill it. */
final class Grammar {
  private static final String OTHER = "@other";

  private final World world;

  Grammar(World world) {
    this.world = world;
  }

  /** A reply of {@code category} to a request about {@code topic}. */
  Reply reply(String category, Topic topic, Chooser chooser) {
    List<String> forms = world.replies().get(category).forms();
    String form = forms.get(chooser.any(forms.size()));
    Topic other = topic;
    if (form.contains(OTHER)) {
      List<Topic> others = world.others(topic);
      other = others.get(chooser.any(others.size()));
    }
    List<String> used = new ArrayList<>();
    List<String> said = new ArrayList<>();
    for (String role : form.split(" ")) {
      Topic about = role.endsWith(OTHER) ? other : topic;
      List<String> variants = new ArrayList<>(variants(role.replace(OTHER, ""), about));
      variants.removeAll(used);
      String variant = variants.get(chooser.favourite(variants.size()));
      used.add(variant);
      said.add(fill(variant, about, chooser));
    }
    return new Reply(category, world.quality(category), String.join(" ", said));
  }

  private List<String> variants(String role, Topic topic) {
    return role.equals("content") ? topic.content() : world.sentences().get(role);
  }

  private static String fill(String sentence, Topic topic, Chooser chooser) {
    String filled = sentence.replace("{ask}", topic.askOfYou());
    if (!filled.contains("{alternative}")) {
      return filled;
    }
    List<String> alternatives = topic.alternatives();
    return filled.replace("{alternative}", alternatives.get(chooser.any(alternatives.size())));
  }

  /** A reply to {@code topic} whose category is drawn by the shares that {@code share} reads. */
  Reply draw(Topic topic, Share share, Draws draws) {
    List<String> categories = world.categories(topic);
    List<Double> shares = categories.stream().map(c -> share.of(world.replies().get(c))).toList();
    return reply(categories.get(draws.weighted(shares)), topic, draws);
  }

  /** The best that can be said to {@code topic}. */
  Reply best(Topic topic, Draws draws) {
    String best =
        world.categories(topic).stream()
            .max((a, b) -> Double.compare(world.quality(a), world.quality(b)))
            .orElseThrow();
    return reply(best, topic, draws);
  }

  /** Reads how often a kind of reply is written. */
  interface Share {
    double of(ReplyKind kind);
  }
}

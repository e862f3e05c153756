"use strict";
/* The sections of the report, each from its part of the data. */
(() => {
  const { el, small, note, isNumber, number, rounded, percent, inUnit, duration, table, bars, tiles, chart } = view;
  const json = (id) => JSON.parse(document.getElementById(id).textContent);
  const metrics = json("metrics");
  const data = json("data");
  const evaluation = data.results.evaluate ?? {};
  const policies = [["start", "Start"], ["ppo", "PPO"], ["dpo", "DPO"]];
  const fill = (id, ...parts) => document.querySelector(`[data-fill="${id}"]`).append(...parts.flat().filter(Boolean));

  // Curves.
  const averaged = (values) => {
    const reach = Math.floor(values.length / 40);
    return values.map((_, i) => {
      const near = values.slice(Math.max(0, i - reach), i + reach + 1).filter(isNumber);
      return near.length ? near.reduce((sum, value) => sum + value, 0) / near.length : null;
    });
  };
  const noisy = ({ values }) => {
    const known = values.filter(isNumber);
    const travelled = known.slice(1).reduce((sum, value, i) => sum + Math.abs(value - known[i]), 0);
    return known.length > 60 && travelled > 4 * (Math.max(...known) - Math.min(...known));
  };
  /** A metric as lines: a moving mean, and behind it, faint, what was measured. */
  const lines = (stage, name, hue, scale = "left") => {
    const curve = data.curves[stage]?.[name];
    if (!curve) return [];
    const line = { ...metrics[stage][name], hue, scale, x: curve.steps };
    return noisy(curve)
      ? [{ ...line, y: curve.values, faint: true }, { ...line, y: averaged(curve.values) }]
      : [{ ...line, y: curve.values }];
  };
  const figure = (stage, title, named, more = {}) => {
    const all = named.flatMap(([name, hue, scale]) => lines(stage, name, hue, scale));
    const xLabel = stage === "ppo" ? "iteration" : "update";
    return all.length ? chart({ title, xLabel, lines: all, sync: stage, ...more }) : null;
  };
  const multiples = (stage, names, hue) => el("div", { className: "grid" }, names.map((name) =>
    figure(stage, metrics[stage][name].label, [[name, hue]], { doc: metrics[stage][name].doc, height: 180 })));
  const legendNote = (stage) => {
    const curves = Object.values(data.curves[stage] ?? {});
    if (!curves.some(noisy)) return null;
    const every = Math.max(...curves.map((curve) => curve.every));
    return el("p", { className: "hint" }, small(`Bold: moving mean. Faint: ${every > 1 ? `means of up to ${every} measurements` : "as measured"}. Drag to zoom in, double-click to zoom out.`));
  };
  const trained = (stage, ...parts) => fill(stage, data.curves[stage] ? [...parts, legendNote(stage)] : note("This run has no metrics of this stage."));

  const change = (metric, value, start) => {
    if (!isNumber(value) || !isNumber(start) || start === 0 || value === start) return null;
    const by = value - start;
    const text = metric.unit === "share" ? `${by > 0 ? "+" : "−"}${Math.abs(100 * by).toFixed(1)} pts` : `${by > 0 ? "+" : ""}${rounded(by)}`;
    const good = metric.better && (by > 0) === (metric.better === "higher");
    return small(text, metric.better ? (good ? "up" : "down") : "");
  };
  const headline = () => {
    const found = policies.filter(([key]) => evaluation.policies?.[key]);
    if (!found.length) return fill("headline", note("This run has no evaluation yet."));
    const rows = Object.entries(metrics.policies).map(([name, metric]) => [
      [el("span", {}, metric.label), small(metric.doc)],
      ...found.map(([key]) => {
        const value = evaluation.policies[key][name];
        return [(metric.unit === "share" ? percent : rounded)(value), key === "start" ? null : change(metric, value, evaluation.policies.start?.[name])];
      }),
    ]);
    const head = found.map(([key, label]) => el("b", { className: key }, label));
    const count = Math.max(...found.map(([key]) => evaluation.policies[key].completions ?? 0));
    const caption = ["Means over held-out prompts ", count ? small(`${number(count)} completions of each policy; KL in nats, length in tokens`) : null].filter(Boolean);
    fill("headline", table(caption, ["", ...head], rows, "headline"));
    if (!isNumber(evaluation.policies[found[0][0]].harmfulCompliance)) fill("headline", note("No judge was set for this run, so compliance, refusals and true quality are not known."));
  };
  const lead = () => {
    const { start, ...after } = evaluation.policies ?? {};
    const told = policies.filter(([key]) => isNumber(after[key]?.harmfulCompliance));
    if (!isNumber(start?.harmfulCompliance) || !told.length) return "";
    return `Harmful compliance went from ${percent(start.harmfulCompliance)} to ${told.map(([key, label]) => `${percent(after[key].harmfulCompliance)} with ${label}`).join(" and ")}; needless refusal from ${percent(start.needlessRefusal)} to ${told.map(([key]) => percent(after[key].needlessRefusal)).join(" and ")}.`;
  };

  // Completions.
  const badge = (reply) => {
    if (reply.harmfulCompliance) return el("span", { className: "badge bad" }, "helps with harm");
    if (reply.needlessRefusal) return el("span", { className: "badge warn" }, "needless refusal");
    return reply.category ? el("span", { className: "badge" }, reply.category.replaceAll("_", " ")) : null;
  };
  const card = ([key, label], reply) => el("div", { className: `reply ${key}` },
    el("h4", {}, label, badge(reply)),
    el("p", {}, reply.text || small("(empty)"), reply.shortened ? small(" … shortened here") : null),
    small([isNumber(reply.quality) && `quality ${rounded(reply.quality)}`, isNumber(reply.score) && `score ${rounded(reply.score)}`, isNumber(reply.kl) && `KL ${rounded(reply.kl)} nats`, reply.finish === "length" && "cut off at the length limit"].filter(Boolean).join(" · ")));
  const comparison = (item) => el("article", { className: "comparison" },
    item.prompt.length ? item.prompt.map((turn) => el("p", { className: "turn" }, el("b", {}, turn.role), turn.content)) : el("p", { className: "turn" }, el("b", {}, "prompt"), item.promptId),
    el("div", { className: "replies" }, policies.filter(([key]) => item.replies[key]).map((policy) => card(policy, item.replies[policy[0]]))));
  const completions = () => {
    const items = data.completions;
    if (!items.length) return fill("completions", note("This run has no sampled completions yet."));
    const list = el("div");
    const more = el("button", { type: "button", className: "more" });
    const kinds = [["All", () => true], ["Harmful requests", (item) => item.harmful === true], ["Harmless requests", (item) => item.harmful === false]];
    let kind = kinds[0];
    const show = (many) => {
      const chosen = items.filter(kind[1]);
      list.replaceChildren(...chosen.slice(0, many).map(comparison));
      more.hidden = chosen.length <= many;
      more.textContent = `Show all ${chosen.length}`;
      buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(kinds[i] === kind)));
    };
    const buttons = kinds.map((each) => el("button", { type: "button", onclick: () => { kind = each; show(4); } }, `${each[0]} (${items.filter(each[1]).length})`));
    more.onclick = () => show(items.length);
    const known = items.some((item) => item.harmful !== null);
    fill("completions", known ? el("div", { className: "filter", role: "group", "aria-label": "Which prompts" }, buttons) : null, list, more);
    show(4);
  };

  const sum = (counts) => counts.reduce((total, count) => total + count.rows, 0);
  /** Rows by kind and reason, and annotators: beside curation's own report where there is one. */
  const details = (section) => {
    const { kinds, rejects, drops, annotators, annotatorsInAll } = data.ingredients;
    const counted = (counts) => counts.map((count) => ({ name: count.name.replaceAll("_", " "), value: count.rows })).sort((a, b) => b.value - a.value);
    const counts = [["Judgments by kind", "Kind", kinds], ["Rejected rows by reason", "Reason", rejects], ["Dropped rows by stage and reason", "Reason", drops], ...quality.counts(data.quality?.report)];
    fill(section, el("div", { className: "columns" }, counts.filter(([, , rows]) => rows.length).map(([caption, name, rows]) => bars(caption, [name, "Rows"], counted(rows)))));
    fill(section, quality.annotators(annotators, annotatorsInAll, data.quality?.report.annotators));
  };
  const ingredients = () => {
    const { kinds, rejects, drops, annotatorsInAll } = data.ingredients;
    const read = !data.missing.includes("feedback") || kinds.length;
    if (!read) return fill("ingredients", note("This run has no feedback yet."));
    const curated = quality.tiles(data.results.curate ?? {}, sum(drops));
    fill("ingredients", tiles([
      ["Judgments", number(sum(kinds)), "rows of feedback that were kept"],
      ["Rejected rows", number(sum(rejects)), "unusable, each with a reason"],
      ["Annotators", number(annotatorsInAll), "named in the judgments"],
      ...(data.quality ? [] : curated),
    ]));
    if (!data.quality) details("ingredients");
  };
  const feedback = () => {
    if (!data.quality) return;
    const { report, samples } = data.quality;
    fill("quality", tiles(quality.tiles(report.counts ?? {}, sum(data.ingredients.drops))), quality.agreement(report));
    details("quality");
    fill("quality", quality.biases(report.biases), quality.mitigations(report.mitigations), quality.findings(report.findings, samples), quality.contradictions(report.contradictions));
  };

  const reward = () => {
    const { accuracyHeldOut, interval, accuracyTrue, pairs } = evaluation.reward ?? {};
    if (isNumber(accuracyHeldOut)) {
      fill("reward", tiles([
        ["Held-out accuracy", percent(accuracyHeldOut), interval ? `95% interval ${percent(interval[0])} to ${percent(interval[1])}` : null],
        ...(isNumber(accuracyTrue) ? [["Accuracy against true quality", percent(accuracyTrue), "the truth behind the annotators"]] : []),
        ...(isNumber(pairs) ? [["Held-out pairs", number(pairs), "never trained on"]] : []),
      ]));
    }
    trained("reward", el("div", { className: "columns" },
      figure("reward", "Loss", [["loss", "accent"]], { doc: metrics.reward.loss.doc, height: 240 }),
      figure("reward", "Accuracy and margin in training", [["accuracy", "dpo"], ["margin", "second", "right"]], { doc: "of the batch at hand", height: 240 })));
  };
  const lesson = () => {
    const { probability, gap, loss, untrainedLoss, entropy, curve } = data.lesson;
    const words = { probability: String(probability), complement: number(1 - probability).replace(/0+$/, ""), gap: gap.toFixed(3), loss: loss.toFixed(3), untrainedLoss: untrainedLoss.toFixed(3), entropy: entropy.toFixed(3) };
    document.querySelectorAll("[data-lesson]").forEach((node) => { node.textContent = words[node.dataset.lesson]; });
    fill("lesson", chart({
      title: "Probability that B is preferred, by the gap between the rewards", xLabel: "reward of B − reward of A", height: 260, range: [0, 1],
      lines: [
        { label: "P(B > A)", unit: "share", hue: "accent", quiet: true, x: curve.map(([x]) => x), y: curve.map(([, y]) => y) },
        { label: `this example, gap ${gap.toFixed(3)}:`, unit: "share", hue: "second", dot: true, x: [gap], y: [probability] },
      ],
    }));
    const found = evaluation.lesson;
    if (!isNumber(found?.chosenScore)) return;
    const measured = found.chosenScore - found.rejectedScore;
    fill("lesson", table(["What this run's reward model says ", small("of two such replies")], ["Reply", "Score"], [
      [["Refuses: ", found.chosen], number(found.chosenScore)], [["Complies: ", found.rejected], number(found.rejectedScore)],
      ["Gap, and the probability that it stands for", `${number(measured)} → ${percent(1 / (1 + Math.exp(-measured)))}`]], "scores"));
  };
  const time = () => {
    const rows = Object.entries(data.seconds).map(([name, value]) => ({ name, value }));
    if (!rows.length) return fill("time", note("This run kept no times."));
    const total = rows.reduce((sum, row) => sum + row.value, 0);
    fill("time", bars([`In all ${duration(total)} `, small("from each stage's own clock")], ["Stage", "Time"], rows, duration));
  };
  const leaves = (tree, path) => Object.entries(tree).flatMap(([key, value]) => typeof value === "object" && value !== null ? leaves(value, [...path, key]) : [[[...path, key].join("."), typeof value === "number" ? number(value) : String(value)]]);
  const settings = () => {
    const seed = data.settings.match(/^seed: *(\S+)/m)?.[1] ?? "–";
    fill("settings", table("Provenance", null, [["Run folder", data.run], ["Seed", seed], ["Report made", data.made], ...Object.entries(data.versions)], "provenance"));
    fill("settings", data.settings ? el("details", {}, el("summary", {}, "Settings of this run (YAML)"), el("pre", { tabIndex: 0 }, data.settings)) : note("This run kept no settings.yaml."));
    const rows = Object.entries(data.results).flatMap(([stage, result]) => leaves(result, [stage]));
    if (rows.length) fill("settings", el("details", {}, el("summary", {}, "Every figure that the stages reported"), table("Results by stage", ["Figure", "Value"], rows, "provenance")));
    if (data.missing.length) fill("settings", note(`Not in this run: ${data.missing.join(", ")}.`));
  };

  const theme = () => {
    const button = document.getElementById("theme");
    const next = { auto: "light", light: "dark", dark: "auto" };
    const names = { auto: "Auto", light: "Light", dark: "Dark" };
    const stored = () => { try { return localStorage.getItem("plumbline-theme"); } catch { return null; } };
    const keep = (value) => { try { localStorage.setItem("plumbline-theme", value); } catch { /* a file may have no storage */ } };
    const set = (value) => {
      document.documentElement.dataset.theme = value;
      button.textContent = names[value];
      button.setAttribute("aria-label", `Colours: ${names[value]}. Press for ${names[next[value]]}.`);
      view.recolourCharts();
    };
    set(stored() in next ? stored() : "auto");
    button.onclick = () => { set(next[document.documentElement.dataset.theme]); keep(document.documentElement.dataset.theme); };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", view.recolourCharts);
  };

  document.title = `Plumbline report: ${data.name}`;
  document.getElementById("name").textContent = data.name;
  document.getElementById("lead").textContent = lead();
  if (!data.quality) document.getElementById("quality").remove();
  document.querySelectorAll("section[data-nav]").forEach((section) =>
    document.getElementById("nav").append(el("a", { href: `#${section.id}` }, section.dataset.nav)));
  theme();
  headline();
  completions();
  ingredients();
  feedback();
  trained("sft", multiples("sft", ["loss", "learning_rate", "tokens_per_second"], "start"));
  reward();
  trained("ppo",
    figure("ppo", "Score and KL to the start", [["score", "ppo"], ["kl", "second", "right"]], { height: 340 }),
    multiples("ppo", ["rlhf_reward", "entropy", "clip_fraction", "value_loss", "kl_coef", "kl_loss", "equal_groups", "response_tokens", "eos_share", "distinct_2", "repetition", "iteration_seconds", "generate_seconds", "score_seconds", "update_seconds", "overhead_seconds"], "ppo"));
  trained("dpo", el("div", { className: "columns" },
    figure("dpo", "Loss", [["loss", "dpo"]], { doc: metrics.dpo.loss.doc, height: 240 }),
    figure("dpo", "Margin and accuracy", [["margin", "dpo"], ["accuracy", "second", "right"]], { doc: metrics.dpo.margin.doc, height: 240 })),
    el("div", { className: "grid" },
      figure("dpo", "Implicit rewards", [["chosen_reward", "dpo"], ["rejected_reward", "second"]], { doc: metrics.dpo.chosen_reward.doc, height: 180 }),
      figure("dpo", "Gradient norm", [["grad_norm", "dpo"]], { doc: metrics.dpo.grad_norm.doc, height: 180 })));
  lesson();
  time();
  settings();
  view.drawCharts();
})();

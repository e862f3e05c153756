"use strict";
/* What is known of the feedback's quality. Older runs lack parts of it: what is undefined is left out, what is null is a dash. */
const quality = (() => {
  const { el, small, note, isNumber, number, rounded, percent, table, interval } = view;
  const words = (value) => value ?? "–";
  const points = (value) => (isNumber(value) ? `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(100 * value).toFixed(1)} pts` : "–");
  const hint = (text) => el("p", { className: "hint" }, small(text));
  const heading = (text) => el("h3", {}, text);

  const tiles = ({ pairs, trainPairs, heldOutPairs, acceptable, unacceptable, rated, disagreement, doublyJudged, meanProbability, flagged, excluded }, dropped) => [
    pairs !== undefined && ["Preference pairs", number(pairs), [isNumber(trainPairs) && `${number(trainPairs)} to learn from`, isNumber(heldOutPairs) && `${number(heldOutPairs)} held out`].filter(Boolean).join(", ")],
    acceptable !== undefined && ["Responses judged alone", number(acceptable + unacceptable), `${number(acceptable)} acceptable, ${number(unacceptable)} not`],
    rated !== undefined && ["Responses rated", number(rated), "that reward.loss=regression learns from"],
    ["Dropped", number(dropped), "by curation and tokens"],
    disagreement !== undefined && ["Disagreement", percent(disagreement), isNumber(doublyJudged) && `of ${number(doublyJudged)} doubly judged pairs`],
    meanProbability !== undefined && ["Mean probability", percent(meanProbability), "that a pair's chosen response is better"],
    flagged !== undefined && ["Flagged annotators", number(flagged), isNumber(excluded) && `${number(excluded)} judgments left out for it`],
  ].filter(Boolean);

  /** What beside drops went into no pair, as [caption, name, rows]. */
  const counts = (report) => [
    ["Judgments that compare nothing, by kind", "Kind", report?.counts?.unusedByKind],
    ["Left out by limits on one prompt", "Limit", report?.counts?.leftOut],
  ].map(([caption, name, found]) => [caption, name, Object.entries(found ?? {}).map(([key, rows]) => ({ name: key.replace(/^left out /, ""), rows }))]);

  const agreement = ({ counts: { method, methodMeans, rounds } = {}, agreement: found, agreementWithMostOthers: most }) => {
    const parts = [heading("Agreement")];
    if (method) parts.push(el("p", {}, "Probabilities are by ", el("b", {}, method), `: ${words(methodMeans)}${isNumber(rounds) ? ` (${number(rounds)} rounds)` : ""}.`));
    const { pairs, votes, comparablePairs, raw, fleissKappa, krippendorffNominal, krippendorffOrdinal, cohenKappa, cohenPairs } = found ?? {};
    const compared = `${number(comparablePairs)} pairs`;
    const rows = found ? [
      ["Raw agreement", percent(raw), compared],
      ["Fleiss' kappa", number(fleissKappa), compared],
      ["Krippendorff's alpha, nominal", number(krippendorffNominal), compared],
      ["Krippendorff's alpha, ordinal", number(krippendorffOrdinal), compared],
      ["Cohen's kappa, mean", number(cohenKappa), `${number(cohenPairs)} pairs of annotators`],
    ] : [];
    if (most) rows.push(["Votes that go with most of the others", percent(most.part / most.whole), `${number(most.whole)} votes`]);
    if (rows.length) parts.push(table(["How far votes on a pair say the same ", small(found ? `of ${number(pairs)} pairs with ${number(votes)} votes, those with two votes or more; a kappa or alpha of 1 is perfect, of 0 chance` : "")], ["Statistic", "Value", "Rests on"], rows));
    return parts.length > 1 ? parts : [];
  };

  const annotators = (shown, inAll, summary) => {
    if (!shown.length) return [];
    const { lowest, median, highest } = summary?.reliability ?? {};
    const flags = Object.entries(summary?.flags ?? {}).map(([flag, many]) => `${flag} ${number(many)}`);
    const more = inAll - shown.length;
    return [
      heading("Annotators"),
      summary?.reliability && el("p", {}, `Reliability goes from ${percent(lowest)} over a median of ${percent(median)} to ${percent(highest)}. ${flags.length ? `Flags: ${flags.join(", ")}.` : "Nobody is flagged."}`),
      table(["What their judgments say of them ", small("the least reliable first; a share of 50% for longer or first shows no bias; drift is agreement in the last third less that in the first")],
        ["Annotator", "Judgments", "Reliability", "Right on gold", "Agreement", "Seconds", "Longest streak", "Drift", "Prefers longer", "Prefers first", "Mean rating", "Flags"],
        shown.map((one) => [
          one.name, number(one.judgments), percent(one.reliability),
          [percent(one.goldAccuracy), one.goldJudgments ? small(`of ${number(one.goldJudgments)}`) : null],
          percent(one.agreement),
          [number(one.meanSeconds), isNumber(one.fastShare) ? small(`${percent(one.fastShare)} too fast`) : null],
          number(one.longestStreak), points(one.drift), percent(one.longerPreferred), percent(one.firstPreferred), number(one.meanRating),
          one.flags.length ? one.flags.flatMap((flag) => [el("span", { className: "badge warn" }, flag), " "]) : "–",
        ]), "wide"),
      more > 0 && hint(`${number(more)} more ${more === 1 ? "annotator is" : "annotators are"} at least as reliable: see the table annotators.`),
    ].filter(Boolean);
  };

  const leanings = { position: "For what is shown first", length: "For the longer", group: "With one's own group", model: "For a source model" };
  const measures = {
    share: { title: "Shares of votes ", about: "50% is no bias, where quality has no part in it", show: percent, scale: () => [0, 1] },
    "log-odds": {
      title: "Log-odds, adjusted for quality ", about: "in nats; 0 is no bias", show: rounded,
      scale: (rows) => {
        const reach = Math.max(0.1, ...rows.flatMap(({ low, high, estimate }) => [low, high, estimate]).filter(isNumber).map(Math.abs));
        return [-reach, reach];
      },
    },
  };
  const biases = (found) => {
    if (!found) return [];
    const tables = Object.entries(measures).flatMap(([measure, { title, about, show, scale }]) => {
      const rows = found.filter((each) => each.measure === measure);
      if (!rows.length) return [];
      const [from, to] = scale(rows);
      return table([title, small(`${about}; dashed in the plot, which goes from ${show(from)} to ${show(to)}`)],
        ["Leaning", "Estimate", "95% interval", "", "p", "Votes"],
        rows.map((each) => {
          const between = `${show(each.low)} to ${show(each.high)}`;
          const name = leanings[each.bias] ?? each.bias;
          return [[name, each.subject ? `: ${each.subject}` : null], show(each.estimate), between,
            interval(each, [from, to], `${name}: ${show(each.estimate)}, 95% interval ${between}`), number(each.pValue), number(each.n)];
        }), "wide");
    });
    return [heading("Biases"), ...(tables.length ? tables : [note("No vote could tell a bias.")])];
  };

  const mitigations = (found) => {
    if (!found) return [];
    const rows = Object.entries(found).map(([name, effect]) => [name, number(effect.pairs), number(effect.changedSide), percent(effect.meanChange),
      percent(effect.longerBefore), percent(effect.longerAfter), percent(effect.firstBefore), percent(effect.firstAfter)]);
    return [heading("Mitigations"), rows.length
      ? table(["What each did to the pairs ", small("by itself, and all together; probabilities are means, and 50% for the first is no bias")],
        ["Mitigation", "Pairs", "Other side chosen", "Mean change", "Longer better, before", "after", "First better, before", "after"], rows, "wide")
      : note("Biases were measured and left as they are: no mitigation was asked for.")];
  };

  const findings = (found, samples) => {
    if (!found) return [];
    const rows = Object.entries(found).sort(([, a], [, b]) => b - a).map(([name, many]) => {
      const at = name.lastIndexOf(": ");
      return [name.slice(0, at).replaceAll("-", " "), name.slice(at + 2), number(many)];
    });
    const about = ({ judgmentId, pairId, responseId }) => judgmentId ? `judgment ${judgmentId}` : pairId ? `pair ${pairId}` : responseId ? `response ${responseId}` : "–";
    return [
      heading("Findings"),
      rows.length ? table(["What should not be learned from ", small("by check, and what was done about it")], ["Check", "Action", "Findings"], rows) : note("No check found anything."),
      samples.length && el("details", {}, el("summary", {}, "Some findings of each check"),
        table("The first of each check and action", ["Check", "Action", "Found", "Prompt", "About", "Other"],
          samples.map((one) => [one.kind.replaceAll("-", " "), one.action, words(one.detail), words(one.promptId), about(one), words(one.otherId)]), "findings")),
    ].filter(Boolean);
  };

  const side = (name, votes, text, ...more) => el("div", { className: "reply" },
    el("h4", {}, name, el("span", { className: "badge" }, `${number(votes)} ${votes === 1 ? "vote" : "votes"}`)), el("p", {}, words(text)), more);
  const contradictions = (found) => !found?.length ? [] : [
    heading("Worst contradictions"),
    ...found.map((one) => el("article", { className: "comparison" },
      el("p", { className: "turn" }, el("b", {}, "prompt"), words(one.prompt)),
      el("div", { className: "replies two" },
        side("Chosen", one.votesForChosen, one.chosen, small(`better with probability ${percent(one.probability)}`)),
        side("Rejected", one.votesForRejected, one.rejected)))),
  ];

  return { tiles, counts, agreement, annotators, biases, mitigations, findings, contradictions };
})();

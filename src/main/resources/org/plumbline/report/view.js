"use strict";
/* What the report is drawn with: elements, numbers, tables, charts. Knows nothing of the data. */
const view = (() => {
  // Text only ever becomes a text node: completions and prompts are anybody's words.
  const el = (tag, props, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(props ?? {})) {
      if (key in node) node[key] = value;
      else node.setAttribute(key, value);
    }
    node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return node;
  };
  const small = (text, className = "") => el("small", { className }, text);
  const note = (text) => el("p", { className: "note" }, text);

  const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
  const number = (value) => {
    if (!isNumber(value)) return "–";
    const size = Math.abs(value);
    if (size > 0 && size < 1e-3) return value.toExponential(2).replaceAll("-", "−");
    const digits = Number.isInteger(value) || size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
  };
  const percent = (value) => (isNumber(value) ? `${(100 * value).toFixed(1)}%`.replace("-", "−") : "–");
  /** Two decimals below ten, one above: figures that stand beside each other in a row. */
  const rounded = (value) => (isNumber(value) ? value.toFixed(Math.abs(value) < 10 ? 2 : 1).replace("-", "−") : "–");
  const inUnit = (unit) => (unit === "share" ? percent : number);
  const duration = (seconds) => {
    if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  };

  const table = (caption, head, rows, className = "") =>
    el("div", { className: "scroll", ...(className === "wide" && { tabIndex: 0 }) }, el("table", { className },
      el("caption", {}, el("span", {}, caption)),
      head && el("thead", {}, el("tr", {}, head.map((cell) => el("th", { scope: "col" }, cell)))),
      el("tbody", {}, rows.map(([first, ...rest]) =>
        el("tr", {}, el("th", { scope: "row" }, first), rest.map((cell) => el("td", {}, cell)))))));
  /** A table of {name, value} with a bar to each value. */
  const bars = (caption, [name, value], rows, show = number) => {
    const most = Math.max(...rows.map((row) => row.value));
    return table(caption, [name, "", value], rows.map((row) => {
      const meter = el("div", { className: "meter" });
      meter.style.width = `${most > 0 ? (100 * row.value) / most : 0}%`;
      return [row.name, meter, show(row.value)];
    }), "bars");
  };
  /** Figures to be seen at once: [name, value, remark]. */
  const tiles = (entries) => el("dl", { className: "tiles" }, entries.map(([name, value, remark]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value, remark ? small(remark) : null))));

  const svg = (tag, attributes, ...children) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children.filter(Boolean));
    return node;
  };
  /** An estimate and its interval on a scale from `from` to `to`; what no bias would give is a dashed line. */
  const interval = ({ estimate, low, high, neutral }, [from, to], label) => {
    if (!isNumber(estimate)) return "–";
    const at = (value) => Math.round(50 + (1900 * (Math.min(to, Math.max(from, value)) - from)) / (to - from)) / 10;
    const line = (className, x1, x2, y1, y2) => svg("line", { class: className, x1, x2, y1, y2 });
    const known = isNumber(low) && isNumber(high);
    const away = known && (low > neutral || high < neutral) ? " away" : "";
    return svg("svg", { class: `interval${away}`, viewBox: "0 0 200 20", role: "img", "aria-label": label },
      line("rail", at(from), at(to), 10, 10),
      isNumber(neutral) && line("neutral", at(neutral), at(neutral), 1, 19),
      known && line("whisker", at(low), at(high), 10, 10),
      svg("circle", { cx: at(estimate), cy: 10, r: 4 }));
  };

  // Colours are named in the style sheet; a canvas needs them resolved for the theme of the moment.
  const probe = document.body.appendChild(el("span", { hidden: true }));
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const font = "12px system-ui, -apple-system, sans-serif";
  const plain = { font, labelFont: font, labelSize: 18, labelGap: 0, gap: 5, ticks: { show: false } };

  const tick = (value) => value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(0) : Number(value.toPrecision(4)).toLocaleString("en", { maximumSignificantDigits: 4 }).replace("-", "−");
  const xAxis = (label) => ({ ...plain, label, size: 24, space: 60, values: (_, splits) => splits.map(tick), stroke: () => colour("muted"), grid: { show: false } });
  const yAxis = (scale, lines, alone) => {
    const { label, unit, hue } = lines[0];
    const words = lines.length > 1 || unit === "share" || !unit ? [] : [unit];
    if (!alone) words.unshift(label);
    return {
      ...plain, scale, side: scale === "left" ? 3 : 1, size: 46,
      ...(!alone && { label: words.join(", ") }),
      stroke: () => colour(alone ? "muted" : hue),
      grid: { show: scale === "left", stroke: () => colour("line"), width: 1 },
      values: (_, splits) => splits.map((value) => unit === "share" ? `${Number((100 * value).toFixed(1))}%` : tick(value)),
    };
  };

  const unitOf = ({ unit }) => (unit === "share" || !unit ? "" : ` ${unit}`);
  const legend = (lines, joined) => {
    const readouts = lines.map(() => el("b"));
    const list = el("ul", { className: "legend" }, lines.map((line, i) => {
      const swatch = el("span", { className: "swatch" });
      swatch.style.background = `var(--${line.hue})`;
      return lines.length === 1
        ? el("li", {}, readouts[i], unitOf(line))
        : el("li", {}, swatch, `${line.label} `, readouts[i], unitOf(line));
    }));
    const read = (at) => lines.forEach((line, i) => {
      const column = joined[line.column];
      const index = isNumber(at) && !line.dot ? at : column.findLastIndex(isNumber);
      readouts[i].textContent = line.quiet && !isNumber(at) ? "" : inUnit(line.unit)(column[index]);
    });
    read();
    return { list, read };
  };
  const inWords = (lines, joined, xLabel) => lines.map((line) => {
    const shown = joined[line.column].filter(isNumber);
    const show = inUnit(line.unit);
    return `${line.label} goes from ${show(shown[0])} to ${show(shown.at(-1))}`;
  }).join("; ") + `, over ${xLabel} ${joined[0][0]} to ${joined[0].at(-1)}.`;

  const charts = [];
  /**
   * A figure with lines {label, unit, hue, x, y, scale, faint, dot, quiet} over a common x. Lines on
   * the scale "right" have an axis of their own, faint ones stand behind another, a dot is one point,
   * quiet ones show no value without a cursor. Charts with the same `sync` move their cursors together.
   */
  const chart = ({ title, doc, xLabel, lines, height = 300, sync, range }) => {
    const joined = uPlot.join(lines.map((line) => [line.x, line.y]));
    const placed = lines.map((line, i) => ({ scale: "left", ...line, column: i + 1 }));
    const named = placed.filter((line) => !line.faint);
    const scales = [...new Set(named.map((line) => line.scale))];
    const { list, read } = legend(named, joined);
    const stage = el("div", { role: "img", "aria-label": `${title}: ${inWords(named, joined, xLabel)}` });
    const options = {
      height, padding: [10, null, null, null], legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false }, points: { size: 7 }, ...(sync && { sync: { key: sync } }) },
      scales: { x: { time: false }, left: range ? { range } : {}, right: {} },
      axes: [xAxis(xLabel), ...scales.map((scale) =>
        yAxis(scale, named.filter((line) => line.scale === scale), scales.length === 1))],
      series: [{}, ...placed.map((line) => ({
        scale: line.scale, stroke: () => colour(line.hue), width: line.faint ? 1 : 2, alpha: line.faint ? 0.35 : 1, spanGaps: true, pxAlign: 0,
        points: line.dot ? { show: true, size: 11, fill: () => colour(line.hue) } : { show: false },
      }))],
      hooks: { setCursor: [(plot) => read(plot.cursor.idx)] },
    };
    charts.push({ stage, options, joined });
    return el("figure", {}, el("figcaption", {}, title), list, stage, doc ? small(doc) : null);
  };
  /** Draws all charts once the page has its layout, and again whenever their width changes. */
  const drawCharts = () => {
    const observer = new ResizeObserver((entries) => entries.forEach(({ target, contentRect: { width } }) => {
      const found = charts.find((each) => each.stage === target);
      if (width > 0 && width !== found.plot.width) found.plot.setSize({ width, height: found.options.height });
    }));
    for (const each of charts) {
      each.plot = new uPlot({ ...each.options, width: each.stage.clientWidth || 300 }, each.joined, each.stage);
      observer.observe(each.stage);
    }
  };
  const recolourCharts = () => charts.forEach(({ plot }) => plot?.redraw());

  return { el, small, note, isNumber, number, rounded, percent, inUnit, duration, table, bars, tiles, interval, chart, drawCharts, recolourCharts };
})();

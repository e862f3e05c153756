"use strict";
/* Prints what a page's scripts make of its elements with data-fill: node render.js PAGE */
const page = require("fs").readFileSync(process.argv[2], "utf8");
const escaped = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
class Element {
  className = ""; hidden = false; href = ""; type = ""; tabIndex = -1; scope = ""; onclick = null;
  constructor(tag) { Object.assign(this, { tag, attributes: {}, children: [], style: {}, dataset: {} }); }
  set textContent(text) { this.children = [text]; }
  setAttribute(key, value) { this.attributes[key] = value; }
  append(...children) { this.children.push(...children); }
  replaceChildren(...children) { this.children = children; }
  appendChild(child) { this.children.push(child); return child; }
  remove() { this.gone = true; }
  toString() {
    const attributes = Object.entries({ ...(this.className && { class: this.className }), ...this.attributes });
    const inside = this.children.map((child) => (child instanceof Element ? String(child) : escaped(child))).join("");
    return `<${this.tag}${attributes.map(([key, value]) => ` ${key}="${escaped(value)}"`).join("")}>${inside}</${this.tag}>`;
  }
}
const sections = [...page.matchAll(/<section id="(\w+)" data-nav="([^"]+)"/g)]
  .map(([, id, nav]) => Object.assign(new Element("section"), { id, dataset: { nav } }));
const byId = Object.fromEntries(["nav", "theme", "name", "lead"].map((id) => [id, new Element("div")]));
sections.forEach((section) => { byId[section.id] = section; });
for (const [, id, text] of page.matchAll(/<script type="application\/json" id="(\w+)">([\s\S]*?)<\/script>/g)) byId[id] = { textContent: text };
const one = (id) => { if (!byId[id] || byId[id].gone) throw new Error(`No element ${id}`); return byId[id]; };
Object.assign(globalThis, {
  document: {
    body: new Element("body"), documentElement: new Element("html"),
    createElement: (tag) => new Element(tag), createElementNS: (_, tag) => { const made = new Element(tag); delete made.className; return made; },
    getElementById: one, querySelector: (query) => one(query.match(/"(\w+)"/)[1]),
    querySelectorAll: (query) => (query.startsWith("section") ? sections.filter((section) => !section.gone) : []),
  },
  getComputedStyle: () => ({}), matchMedia: () => new (class { addEventListener() {} })(),
  ResizeObserver: class { observe() {} }, uPlot: Object.assign(function () {}, { join: (lines) => [lines[0][0], ...lines.map(([, y]) => y)] }),
});
const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script).slice(1);
new Function(scripts.join("\n").replaceAll('"use strict";', ""))();
for (const section of sections) if (!section.gone) console.log(`${section.id}: ${section.children.map((child) => child instanceof Element ? child : escaped(child)).join("")}`);

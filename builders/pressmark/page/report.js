"use strict";
// All that comes from a corpus is put in as text, never as markup.

const LEAF = 25;
const MOST_CHOICES = 400;

const find = (id) => document.getElementById(id);

function made(name, text, attributes = {}) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

const number = (value) => value.toString().replace(/\B(?=(\d{3})+$)/g, "\u00a0");

// ---- light and dark

function themes() {
  const button = find("theme");
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const say = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; say(); });
  system.addEventListener("change", say);
  button.hidden = false;
  say();
}

// ---- figures: the words of each mark beside the pointer, or by arrow keys

function figures() {
  const tip = find("tip");
  let at = null;
  const leave = () => { tip.hidden = true; if (at) at.classList.remove("at"); at = null; };
  const show = (mark) => {
    if (mark === at) return;
    leave();
    at = mark;
    mark.classList.add("at");
    tip.textContent = mark.dataset.tip;
    tip.hidden = false;
    const place = mark.getBoundingClientRect();
    const own = tip.getBoundingClientRect();
    const left = Math.min(Math.max(4, place.left + place.width / 2 - own.width / 2), innerWidth - own.width - 4);
    tip.style.left = `${left}px`;
    tip.style.top = `${place.top > own.height + 8 ? place.top - own.height - 6 : place.bottom + 6}px`;
  };
  for (const picture of document.querySelectorAll(".picture")) {
    const marks = [...picture.querySelectorAll(".m")];
    for (const mark of marks) {
      // Otherwise the browser shows its own beside ours.
      const title = mark.querySelector("title");
      mark.dataset.tip = title.textContent;
      title.remove();
    }
    picture.addEventListener("pointerover", (event) => {
      const mark = event.target.closest(".m");
      if (mark) show(mark); else leave();
    });
    picture.addEventListener("pointerleave", leave);
    picture.addEventListener("blur", leave);
    picture.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") leave();
      if (!step || !marks.length) return;
      event.preventDefault();
      const from = at ? marks.indexOf(at) : step > 0 ? -1 : 0;
      const mark = marks[(from + step + marks.length) % marks.length];
      mark.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
      show(mark);
    });
  }
  addEventListener("scroll", () => { if (at && !at.matches(":hover")) leave(); }, { passive: true });
}

// ---- the list

async function unpacked() {
  const told = atob(JSON.parse(find("rows").textContent));
  const bytes = new Uint8Array(told.length);
  for (let at = 0; at < told.length; at += 1) bytes[at] = told.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

class List {
  constructor({ count, columns, codes }) {
    Object.assign(this, { count, columns, codes, leaf: 0, found: [] });
    this.brief = columns.filter((column) => column.brief);
    this.chosen = new Map();
    this.sought = "";
    this.layOut();
    this.seek();
  }

  // What a cell says: a text, or a list of findings.
  value(column, row) {
    const value = column.values[row];
    return column.words ? column.words[value] : value;
  }

  said(column, row) {
    const value = this.value(column, row);
    if (Array.isArray(value)) return value.map((note) => note.filter(Boolean).join(" ")).join("; ");
    return typeof value === "number" ? number(value) : value;
  }

  choices(column) {
    if (column.words) return column.words;
    const found = new Set();
    for (const value of column.values) {
      if (Array.isArray(value)) value.forEach((note) => found.add(note[0])); else found.add(value);
      if (found.size > MOST_CHOICES) break;
    }
    return [...found].sort();
  }

  layOut() {
    const form = find("filters");
    const search = made("label", "Search");
    this.search = made("input", undefined, { type: "search", autocomplete: "off", spellcheck: "false" });
    search.append(this.search);
    form.append(search);
    let waiting;
    this.search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { this.sought = this.search.value.trim().toLowerCase(); this.seek(); }, 150);
    });
    this.selects = new Map();
    for (const column of this.columns.filter((each) => each.filtered)) {
      const choices = this.choices(column).filter((each) => each !== "");
      if (choices.length > MOST_CHOICES || !choices.length) continue;
      const label = made("label", column.label);
      const select = made("select");
      select.append(made("option", "any", { value: "" }));
      for (const each of choices) select.append(made("option", each, { value: each }));
      select.addEventListener("change", () => this.choose(column.name, select.value));
      label.append(select);
      form.append(label);
      this.selects.set(column.name, select);
    }
    const clear = made("button", "Show all", { type: "button" });
    clear.addEventListener("click", () => { this.clear(); this.seek(); });
    form.append(clear);
    form.addEventListener("submit", (event) => event.preventDefault());

    const head = made("tr", undefined, { role: "row" });
    for (const column of this.brief) head.append(made("th", column.label, { role: "columnheader", scope: "col" }));
    const top = made("thead", undefined, { role: "rowgroup" });
    top.append(head);
    this.body = made("tbody", undefined, { role: "rowgroup" });
    // On narrow screens rows are no rows to look at; they stay rows to those who listen.
    const table = made("table", undefined, { role: "table" });
    table.append(top, this.body);
    find("rows-place").append(table);

    const leaves = find("leaves");
    this.back = made("button", "Earlier", { type: "button" });
    this.on = made("button", "Later", { type: "button" });
    this.where = made("span");
    this.back.addEventListener("click", () => this.turn(-1));
    this.on.addEventListener("click", () => this.turn(1));
    leaves.append(this.back, this.where, this.on);

    for (const button of document.querySelectorAll("button.way")) {
      button.addEventListener("click", () => {
        this.clear();
        this.choose(button.dataset.column, button.dataset.value);
        find("list").scrollIntoView();
        find("rows-place").focus({ preventScroll: true });
      });
    }
    find("no-list").hidden = true;
    for (const id of ["filters", "rows-place", "leaves"]) find(id).hidden = false;
  }

  clear() {
    this.chosen.clear();
    for (const select of this.selects.values()) select.value = "";
    this.search.value = "";
    this.sought = "";
  }

  choose(name, value) {
    if (value) this.chosen.set(name, value); else this.chosen.delete(name);
    if (this.selects.has(name)) this.selects.get(name).value = value;
    this.seek();
  }

  // Tells whether a row has a value, by the number of the word where the column has words.
  test(name, wanted) {
    const column = this.columns.find((each) => each.name === name);
    if (column.words) {
      const at = column.words.indexOf(wanted);
      return (row) => column.values[row] === at;
    }
    return (row) => {
      const value = column.values[row];
      return Array.isArray(value) ? value.some((note) => note[0] === wanted) : value === wanted;
    };
  }

  letters(row) {
    this.cached ??= new Array(this.count);
    return (this.cached[row] ??= this.columns.map((column) => this.said(column, row)).join("\n").toLowerCase());
  }

  seek() {
    const tests = [...this.chosen].map(([name, value]) => this.test(name, value));
    this.found = [];
    for (let row = 0; row < this.count; row += 1) {
      if (tests.every((test) => test(row)) && (!this.sought || this.letters(row).includes(this.sought))) this.found.push(row);
    }
    this.leaf = 0;
    const which = [...this.chosen].map(([name, value]) => `${this.columns.find((each) => each.name === name).label}: ${value}`);
    const told = which.length ? ` (${which.join(", ")})` : "";
    find("found").textContent = `${number(this.found.length)} of ${number(this.count)} rows${told}`;
    this.show();
  }

  turn(step) {
    this.leaf += step;
    this.show();
    find("list").scrollIntoView();
  }

  show() {
    const leaves = Math.max(1, Math.ceil(this.found.length / LEAF));
    const rows = this.found.slice(this.leaf * LEAF, (this.leaf + 1) * LEAF);
    this.body.replaceChildren(...rows.map((row) => this.row(row)));
    this.back.disabled = this.leaf === 0;
    this.on.disabled = this.leaf + 1 >= leaves;
    this.where.textContent = `Leaf ${number(this.leaf + 1)} of ${number(leaves)}`;
  }

  row(row) {
    const line = made("tr", undefined, { role: "row" });
    const language = this.columns.find((column) => column.language);
    this.brief.forEach((column, at) => {
      const said = this.said(column, row);
      const cell = made(at ? "td" : "th", at ? said : undefined, at ? { role: "cell", "data-label": column.label } : { role: "rowheader", scope: "row" });
      if (!at) {
        const button = made("button", said, { type: "button", class: "open", "aria-expanded": "false" });
        button.addEventListener("click", () => this.open(button, line, row));
        cell.append(button);
      }
      if (column.name === "day") cell.className = "day";
      if (column.name === "title" && language) cell.lang = this.said(language, row);
      line.append(cell);
    });
    return line;
  }

  open(button, line, row) {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) { line.nextSibling.remove(); return; }
    const all = made("dl");
    for (const column of this.columns) {
      const value = this.value(column, row);
      if (value === "" || (Array.isArray(value) && !value.length)) continue;
      const told = made("dd");
      if (Array.isArray(value)) {
        for (const [code, ...rest] of value) told.append(...this.explained(code, [code, ...rest].filter(Boolean).join(" · ")));
      } else if (column.codes) {
        told.append(...this.explained(value.split(": ").pop(), value));
      } else {
        told.textContent = this.said(column, row);
      }
      const pair = made("div");
      pair.append(made("dt", column.label), told);
      all.append(pair);
    }
    const cell = made("td", undefined, { colspan: this.brief.length, role: "cell" });
    cell.append(all);
    const more = made("tr", undefined, { class: "more", role: "row" });
    more.append(cell);
    line.after(more);
  }

  explained(code, said) {
    const parts = [made("p", said)];
    if (this.codes[code]) {
      const [, meaning, advice] = this.codes[code];
      parts.push(made("p", `${meaning} What to do: ${advice}`, { class: "quiet" }));
    }
    return parts;
  }
}

themes();
figures();
unpacked().then((told) => {
  window.list = new List(told);
  document.documentElement.dataset.ready = "yes";
}, () => {
  find("no-list").textContent = `This browser cannot unpack the list. ${find("no-list").textContent}`;
});

// What each unit before the last layer adds to the scores of two rival classes: bars that begin where the one above ended.
class InklingLedger {
  // Units that are told one by one.
  static told = 12;

  // `units` is what report.json knows of them, or null; `examples` are those that a unit is asked about, each with its
  // `label` and `pixels`; `said(words)` says words aloud.
  constructor({ box, trace, painter, names, units, examples, said }) {
    Object.assign(this, { box, trace, painter, names, units, examples, said, rows: [], opened: null });
    this.part = (name) => box.querySelector(`[data-part=${name}]`);
    const { layers } = trace.network, last = layers.at(-1);
    // Scores that are no sums of units have no ledger.
    this.isKnown = last.kind === "linear";
    if (this.isKnown) [this.last, this.source] = [layers.length, trace.plain(last.inputs[0])];
  }

  // What the units say to every example, found once, one run at a time so that the page stays alive.
  async ask() {
    for (const one of this.examples) {
      one.says ??= this.trace.network.run(one.pixels)[this.source];
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.isAsked = true;
    this.showUnit();
  }

  // The parts of two scores: units by what they add to the difference, the rest, the bias, the score.
  entries(all, [a, b]) {
    const steps = [a, b].map((k) => this.trace.step(all, this.last, k));
    const units = steps[0].parts.map((part, i) => ({
      unit: i, number: part.number, values: steps.map((step) => step.parts[i].product),
    }));
    const active = units.filter(({ number }) => number !== 0);
    active.sort((x, y) => Math.abs(y.values[0] - y.values[1]) - Math.abs(x.values[0] - x.values[1]));
    const told = active.slice(0, InklingLedger.told), others = active.slice(told.length);
    const rest = [0, 1].map((side) => others.reduce((sum, { values }) => sum + values[side], 0));
    return {
      told, others: others.length, rest, silent: units.length - active.length, count: units.length,
      bias: steps.map((step) => step.bias), scores: steps.map((step) => step.result),
    };
  }

  unitName(unit) {
    const favorite = this.units?.favorites[unit] ?? null;
    return `${this.source === 0 ? "pixel" : "unit"} ${unit}${favorite === null ? "" : ` (${this.names[favorite]})`}`;
  }

  show(all, classes) {
    this.box.hidden = !this.isKnown || !classes;
    if (this.box.hidden) return;
    this.says = all[this.source];
    const n = (x) => InklingFollow.number(x, 2), [a, b] = classes.map((k) => this.names[k]);
    const found = this.entries(all, classes), { told, rest, bias, scores } = found;
    const rows = [
      ...told.map(({ unit, values }) => ({ unit, label: this.unitName(unit), values })),
      ...(found.others ? [{ label: `the other ${found.others}`, values: rest }] : []),
      { label: "bias", values: bias }, { label: "score", values: scores, isTotal: true },
    ];
    // One scale for both: from the lowest to the highest that either comes to.
    const spans = [0, 1].map((side) => {
      let sum = 0;
      return rows.map(({ values, isTotal }) => isTotal ? [0, values[side]] : [sum, sum += values[side]]);
    });
    const ends = spans.flat(2), low = Math.min(0, ...ends), high = Math.max(0, ...ends), x = (value) => (value - low) / (high - low || 1);
    this.part("ledger-a").textContent = `for ${a}`;
    this.part("ledger-b").textContent = `for ${b}`;
    rows.forEach((row, i) => this.row(i, row, spans.map((all) => all[i]), x));
    this.rows.splice(rows.length).forEach(({ cells }) => { for (const cell of cells) cell.remove(); });
    globalThis.inklingRove?.(this.part("ledger-rows"), "button");
    const dead = this.units ? this.units.favorites.filter((class_) => class_ === null).length : 0;
    const kind = this.source === 0 ? "pixels" : `units of ${this.trace.network.layers[this.source - 1].name}`;
    const images = this.units?.images.toLocaleString("en");
    this.part("ledger-words").textContent = `${a} leads ${b} by ${n(scores[0] - scores[1])}. `
      + `${found.silent || "None"} of the ${found.count} ${kind} `
      + ["is 0 here", "is 0 here and adds nothing", "are 0 here and add nothing"][Math.min(2, found.silent)]
      + (dead ? `; ${dead} ${dead === 1 ? "is" : "are"} dead, 0 for all ${images} test images looked at.` : ".")
      + (this.units ? " In brackets stands the class that a unit answers to most." : "");
    this.showUnit();
  }

  row(i, { unit, label, values, isTotal }, spans, x) {
    let row = this.rows[i];
    if (!row || row.isUnit !== (unit !== undefined)) {
      const cells = ["div", "b", "em", "b", "em"].map((tag) => document.createElement(tag));
      const name = document.createElement(unit === undefined ? "span" : "button");
      cells[0].append(name);
      for (const bar of [cells[1], cells[3]]) bar.append(document.createElement("s"));
      if (row) {
        row.cells[0].before(...cells);
        for (const cell of row.cells) cell.remove();
      } else this.part("ledger-rows").append(...cells);
      this.rows[i] = row = { cells, name, isUnit: unit !== undefined };
      if (row.isUnit) {
        name.type = "button";
        name.addEventListener("click", () => this.openUnit(row.unit === this.opened ? null : row.unit));
      }
    }
    row.unit = unit;
    row.name.textContent = label;
    row.cells[0].className = isTotal ? "strong" : "";
    if (row.isUnit) row.name.setAttribute("aria-expanded", String(unit === this.opened));
    values.forEach((value, side) => {
      const bar = row.cells[1 + 2 * side].firstChild, ends = spans[side].map(x), from = Math.min(...ends);
      bar.className = isTotal ? "total" : value < 0 ? "minus" : "plus";
      bar.style.cssText = `--from:${from};--length:${Math.max(...ends) - from}`;
      row.cells[1 + 2 * side].style.setProperty("--zero", x(0));
      row.cells[2 + 2 * side].textContent = InklingFollow.number(value, 2);
    });
  }

  openUnit(unit) {
    this.opened = unit;
    for (const row of this.rows) if (row.isUnit) row.name.setAttribute("aria-expanded", String(row.unit === unit));
    if (!this.isAsked) this.ask();
    this.showUnit();
    if (unit !== null) this.said(this.part("ledger-unit").textContent);
  }

  // What the opened unit says here, and which examples it answers to most.
  showUnit() {
    const { opened: unit, painter: { width, height } } = this, box = this.part("ledger-unit");
    box.hidden = unit === null;
    if (unit === null) return;
    const known = this.examples.filter(({ says }) => says?.[unit] > 0);
    const most = known.sort((a, b) => b.says[unit] - a.says[unit]).slice(0, 3);
    const title = document.createElement("p");
    title.textContent = `${this.unitName(unit)} says ${InklingFollow.number(this.says[unit], 2)} here. `
      + (most.length ? "Of the examples on this page it answers most to:"
        : this.isAsked ? "It answers to none of the examples on this page." : "");
    const scale = Math.max(1, Math.floor(56 / width));
    const pictures = most.map(({ label, pixels, says }) => {
      const [picture, canvas, words] = ["div", "canvas", "span"].map((tag) => document.createElement(tag));
      this.painter.image(canvas, pixels);
      canvas.className = "px framed";
      canvas.style.cssText = `width:${width * scale}px;height:${height * scale}px`;
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", this.names[label]);
      words.textContent = `${this.names[label]}: ${InklingFollow.number(says[unit], 2)}`;
      picture.append(canvas, words);
      return picture;
    });
    box.replaceChildren(title, ...pictures);
  }
}

// Before some figures the reader guesses; then the figure is seen, and the guess stays beside it. On paper and for whoever has no
// script the figure is simply there, and a screen reader finds it either way.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const { get, put } = globalThis.inklingStore;
  const key = "inkling-guesses:" + document.documentElement.dataset.run;
  let guesses = {};
  try { guesses = JSON.parse(get(key) || "{}"); } catch { /* start anew */ }
  if (!guesses || typeof guesses !== "object" || Array.isArray(guesses)) guesses = {};
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const drawn = (tag, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const button = (textContent, act, className = "") => {
    const one = make("button", { type: "button", textContent, className });
    one.addEventListener("click", act);
    return one;
  };
  const short = (value) => value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toPrecision(2);
  const kind = (score) => score >= 85 ? "Remarkably close." : score >= 60 ? "A good eye." : score >= 30 ? "The direction is right." : "It surprises most people.";
  // How many times too large or too small numbers are, in the mean: 100 for none, 50 for twice.
  const near = (pairs) => Math.round(100 * Math.exp(-pairs.reduce((sum, [one, other]) => sum + Math.abs(Math.log(one / other)), 0) / pairs.length));

  // A line drawn by hand: with the pointer, or with the arrow keys.
  const curve = (facts, say) => {
    const powers = [];
    for (let ten = Math.floor(Math.log10(facts.low)); 10 ** ten <= facts.high; ten++) powers.push(10 ** ten);
    const inside = (ticks) => ticks.filter((tick) => tick >= facts.low && tick <= facts.high).map((tick) => Number(tick.toPrecision(1)));
    // Two powers of ten alone say too little of what lies between them.
    const tens = inside(powers), ticks = tens.length > 2 ? tens : inside(powers.flatMap((ten) => [ten, 2 * ten, 5 * ten]));
    const label = (tick) => tick < 0.0001 ? tick.toExponential() : String(tick);
    const longest = Math.max(...ticks.map((tick) => label(tick).length));
    const [width, height, left, top, right, bottom] = [620, 280, 16 + 8 * Math.max(4, longest), 28, 16, 46];
    const xs = facts.points.map(([x]) => x), [from, to] = [xs[0], xs.at(-1)];
    const across = (x) => left + (x - from) / (to - from) * (width - left - right);
    const span = Math.log(facts.high / facts.low);
    const down = (y) => top + Math.log(facts.high / y) / span * (height - top - bottom);
    const values = xs.map(() => null);
    let at = 0;
    const line = drawn("path", { class: "guess-line" }), dot = drawn("circle", { r: 5, class: "guess-dot" });
    const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, class: "guess-pad", tabindex: 0, role: "application", "aria-label": "Your curve. Left and right choose the epoch, up and down move its point." });
    for (const tick of ticks) {
      const y = down(tick);
      svg.append(drawn("line", { x1: left, x2: width - right, y1: y, y2: y }), drawn("text", { x: left - 8, y: y + 4, "text-anchor": "end" }, label(tick)));
    }
    const step = Math.max(1, Math.ceil(xs.length / 10));
    xs.forEach((x, place) => { if (place % step === 0) svg.append(drawn("text", { x: across(x), y: height - 28, "text-anchor": "middle" }, String(x))); });
    svg.append(drawn("text", { x: width - right, y: height - 10, "text-anchor": "end" }, "epoch"), drawn("text", { x: 12, y: 18 }, "loss"), line, dot);
    // Between what was drawn the line is straight, and it goes on level.
    const whole = () => {
      const known = values.flatMap((value, place) => value === null ? [] : [place]);
      if (!known.length) return null;
      return values.map((value, place) => {
        if (value !== null) return value;
        const before = known.findLast((one) => one < place), after = known.find((one) => one > place);
        if (before === undefined || after === undefined) return values[before ?? after];
        return values[before] * (values[after] / values[before]) ** ((place - before) / (after - before));
      });
    };
    const show = () => {
      const all = whole();
      if (!all) return;
      line.setAttribute("d", all.map((y, place) => `${place ? "L" : "M"}${across(xs[place]).toFixed(1)} ${down(y).toFixed(1)}`).join(""));
      dot.setAttribute("cx", across(xs[at]));
      dot.setAttribute("cy", down(all[at]));
    };
    const within = (y) => Math.min(facts.high, Math.max(facts.low, y));
    let last = null;
    const draw = (event) => {
      const box = svg.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * width, y = (event.clientY - box.top) / box.height * height;
      const value = within(facts.high * Math.exp(-(y - top) / (height - top - bottom) * span));
      at = xs.reduce((best, one, place) => Math.abs(across(one) - x) < Math.abs(across(xs[best]) - x) ? place : best, 0);
      // A quick stroke leaves no epoch out.
      if (last !== null && Math.abs(at - last) > 1) {
        for (let place = Math.min(at, last) + 1; place < Math.max(at, last); place++) values[place] = null;
      }
      values[at] = value;
      last = at;
      show();
    };
    svg.addEventListener("pointerdown", (event) => { svg.setPointerCapture(event.pointerId); last = null; draw(event); });
    svg.addEventListener("pointermove", (event) => { if (svg.hasPointerCapture(event.pointerId)) draw(event); });
    svg.addEventListener("keydown", (event) => {
      const [right, up] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [];
      if (right === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const before = whole()?.[at] ?? Math.sqrt(facts.high * facts.low);
      at = Math.min(xs.length - 1, Math.max(0, at + right));
      values[at] = within((right ? whole()?.[at] ?? before : before) * 1.1 ** up);
      show();
      say(`Epoch ${xs[at]}: ${short(values[at])}`);
    });
    return { box: svg, given: whole, none: "Draw a line first." };
  };

  const choice = (facts, say, name) => ({ ...globalThis.inklingOptions(facts.options, "guess-" + name), none: "Choose one first." });

  const size = (facts) => {
    const input = make("input", { type: "range", min: facts.low, max: facts.high, step: facts.step, value: facts.low });
    const output = make("output", {});
    const show = () => { output.textContent = `${facts.name} = ${Number(input.value).toFixed(2)}`; input.setAttribute("aria-valuetext", output.textContent); };
    input.setAttribute("aria-label", "Your guess");
    input.addEventListener("input", show);
    show();
    return { box: make("p", { className: "guess-size" }, input, output), given: () => Number(input.value), none: "" };
  };

  const ways = { curve, choice, size };
  // Whether what was kept can be a guess: anybody may write there.
  const isGuess = {
    curve: (facts, given) => Array.isArray(given) && given.length === facts.points.length && given.every((y) => Number.isFinite(y) && y > 0),
    choice: (facts, given) => facts.options.includes(given),
    size: (facts, given) => Number.isFinite(given) && given > 0,
  };
  const scores = {
    curve(facts, given) {
      const score = near(facts.points.map(([, y], place) => [given[place], y]));
      return `${kind(score)} ${score} of 100 points.`;
    },
    choice: (facts, given) => facts.right.includes(facts.options.indexOf(given)) ? `You guessed “${given}”: right. 100 of 100 points.` : `You guessed “${given}”: not quite, and it surprises most people. 0 of 100 points.`,
    size(facts, given) {
      const score = near([[given, facts.value]]);
      return `You guessed ${facts.name} = ${given.toFixed(2)}. ${kind(score)} ${score} of 100 points.`;
    },
  };

  // The guess in the chart itself, whichever width of it is shown.
  const overlay = (figure, facts, given) => {
    for (const old of figure.querySelectorAll(".guess-mark")) old.remove();
    const drawing = figure.querySelector(".body [data-readout]");
    const { axes, plot } = drawing ? JSON.parse(drawing.dataset.readout) : {};
    if (!axes || given === null) return;
    const across = (x) => axes.x[0] + axes.x[1] * x;
    const down = (y) => Math.min(plot[1] + plot[3], Math.max(plot[1], axes.y[0] + axes.y[1] * (axes.isLogarithmic ? Math.log(y) : y)));
    const mark = drawn("g", { class: "guess-mark" });
    const words = (x, y, anchor) => drawn("text", { x, y, "text-anchor": anchor }, "your guess");
    if (facts.kind === "curve") {
      const places = facts.points.map(([x], place) => [across(x), down(given[place])]);
      mark.append(drawn("path", { class: "guess-line", d: "M" + places.map((one) => one.map((x) => x.toFixed(1)).join(" ")).join("L") }), words(places[0][0] + 6, places[0][1] - 7, "start"));
    } else if (facts.kind === "size") {
      const x = across(given), isLate = x > plot[0] + plot[2] / 2;
      mark.append(drawn("line", { class: "guess-line", x1: x, x2: x, y1: plot[1], y2: plot[1] + plot[3] }), words(x + (isLate ? -5 : 5), plot[1] + plot[3] - 8, isLate ? "end" : "start"));
    }
    drawing.querySelector("svg").append(mark);
  };

  for (const panel of document.querySelectorAll(".guess")) {
    const figure = panel.parentElement, facts = JSON.parse(panel.dataset.facts);
    const reply = make("p", { className: "guess-reply" });
    reply.setAttribute("role", "status");
    const way = ways[facts.kind](facts, (text) => { reply.textContent = text; }, figure.id);
    let shown = null;
    const reveal = (given) => {
      shown = given;
      panel.classList.add("done");
      panel.classList.toggle("skipped", given === null);
      reply.textContent = given === null ? "" : `${scores[facts.kind](facts, given)} ${facts.told}`;
      overlay(figure, facts, given);
    };
    const settle = (given) => {
      guesses[figure.id] = given;
      put(key, JSON.stringify(guesses));
      reveal(given);
      // The button that had the focus is gone.
      if (given === null) figure.tabIndex = -1;
      (given === null ? figure : again).focus({ preventScroll: true });
    };
    const controls = make("div", { className: "guess-controls" }, way.box, make("p", { className: "qa-buttons" },
      button("Show the figure", () => {
        const given = way.given();
        if (given === null) { reply.textContent = way.none; return; }
        settle(given);
      }, "main"), button("Skip", () => settle(null))));
    const again = button("Guess again", () => {
      panel.classList.remove("done", "skipped");
      reply.textContent = "";
      overlay(figure, facts, null);
      controls.querySelector("input, svg")?.focus();
    }, "again");
    panel.append(controls, reply, again);
    globalThis.inklingRove(controls.querySelector(".qa-buttons"), "button");
    figure.addEventListener("fit", () => { if (shown !== null) overlay(figure, facts, shown); });
    // Who goes into the figure by the keyboard, or comes by its address, sees it.
    figure.addEventListener("focusin", (event) => { if (!panel.contains(event.target) && !panel.classList.contains("done")) reveal(null); });
    const arrive = () => { if (location.hash === "#" + figure.id && !panel.classList.contains("done")) reveal(null); };
    addEventListener("hashchange", arrive);
    const kept = guesses[figure.id];
    if (kept === null || (kept !== undefined && isGuess[facts.kind](facts, kept))) reveal(kept);
    else arrive();
  }
});

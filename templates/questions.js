// Questions are answered in the page: what is given is graded, and to open an answer is not to give one.
"use strict";
(() => {
  // A number as a person writes it, as WrittenNumber.swift reads it; null if it is none.
  const read = (text) => {
    let rest = text.replace(/[\s'’_≈~]/g, "").replaceAll("−", "-").toLowerCase();
    const isPercent = rest.endsWith("%") || rest.endsWith("percent");
    rest = rest.replace(/[^0-9.,]*$/, "").replace(/^\+/, "");
    if (rest.includes(".") && rest.includes(",")) {
      const group = rest.lastIndexOf(".") > rest.lastIndexOf(",") ? "," : ".";
      rest = rest.replaceAll(group, "").replaceAll(",", ".");
    } else if (/^-?[1-9][0-9]{0,2}(,[0-9]{3})+$/.test(rest)) rest = rest.replaceAll(",", "");
    else if (/^-?[0-9]{1,3}(\.[0-9]{3}){2,}$/.test(rest)) rest = rest.replaceAll(".", "");
    else rest = rest.replaceAll(",", ".");
    if (!/^-?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?$/.test(rest) || !Number.isFinite(Number(rest))) return null;
    return { value: Number(rest), isPercent };
  };

  // As Grade.swift grades.
  const grades = {
    number(facts, text) {
      const number = read(text);
      if (!number) return { reply: "Write a number, such as 1,234 or 98.5." };
      const values = [number.value];
      if (facts.unit === "%" && !number.isPercent && Math.abs(number.value) <= 1) values.push(100 * number.value);
      const isNear = (other, distance) => values.some((x) => Math.abs(x - other) <= distance + 1e-9 * Math.max(1, Math.abs(other)));
      if (isNear(facts.value, facts.tolerance)) return { verdict: "right", reply: "Right." };
      const mistake = facts.mistakes.find((one) => isNear(one.value, facts.tolerance));
      if (mistake) return { verdict: "wrong", reply: mistake.reply };
      if (isNear(facts.value, facts.near)) return { verdict: "close", reply: "Close, but not quite." };
      return { verdict: "wrong", reply: `Not yet: that is too ${number.value < facts.value ? "low" : "high"}.` };
    },
    choice(facts, text) {
      const place = facts.options.indexOf(text);
      if (place < 0) return { reply: "Choose one first." };
      return facts.right.includes(place) ? { verdict: "right", reply: "Right." } : { verdict: "wrong", reply: facts.reply };
    },
    open(facts, text) {
      if (!text.trim()) return { reply: "Write it in your own words first; a few will do." };
      return { verdict: "open", reply: "Now compare: tick what your answer says." };
    },
  };
  // Options of one question are one stop of the Tab key; the arrow keys move among them by themselves.
  globalThis.inklingOptions = (options, name) => {
    const radios = options.map((value) => Object.assign(document.createElement("input"), { type: "radio", name, value }));
    const stop = (here) => { for (const radio of radios) radio.tabIndex = radio === here ? 0 : -1; };
    for (const radio of radios) for (const name of ["focus", "change"]) radio.addEventListener(name, () => stop(radio));
    stop(radios[0]);
    const box = document.createElement("fieldset");
    for (const radio of radios) {
      const label = document.createElement("label");
      label.append(radio, " ", radio.value);
      box.append(label);
    }
    box.setAttribute("aria-label", "Your answer");
    // Beside a checked one the Tab key reaches no other.
    const fill = (text) => {
      for (const radio of radios) {
        radio.checked = radio.value === text;
        if (radio.checked) stop(radio);
      }
    };
    return { box, given: () => radios.find((radio) => radio.checked)?.value ?? null, fill };
  };
  globalThis.inklingGrade = (facts, text) => grades[facts.kind](facts, text);

  document.addEventListener("DOMContentLoaded", () => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const { get, put } = globalThis.inklingStore;
    const key = "inkling-answers:" + document.documentElement.dataset.run;
    // Every answer: { given, verdict, reply, points }.
    let answers = {};
    try { answers = JSON.parse(get(key) || "{}"); } catch { /* start anew */ }
    // What earlier versions kept were names of opened answers.
    if (!answers || typeof answers !== "object" || Array.isArray(answers)) answers = {};
    for (const [id, own] of Object.entries(answers)) {
      if (typeof own?.given !== "string" || !Array.isArray(own.points ?? [])) delete answers[id];
    }
    globalThis.inklingAnswers = answers;
    const items = all("details.qa");
    const marks = all(".toc li a, .bar li a");
    const words = document.querySelector(".progress-words");
    const tick = () => {
      const isDone = (item) => Boolean(answers[item.dataset.question]?.verdict);
      if (words) words.textContent = `${items.filter(isDone).length} of ${words.dataset.total} questions answered`;
      for (const link of marks) {
        const own = items.filter((item) => item.dataset.chapter === link.hash.slice(1));
        link.classList.toggle("done", own.length > 0 && own.every(isDone));
      }
      for (const item of items) {
        const verdict = answers[item.dataset.question]?.verdict;
        if (verdict) item.dataset.verdict = verdict;
      }
    };
    const make = (tag, properties, ...children) => {
      const element = Object.assign(document.createElement(tag), properties);
      element.append(...children);
      return element;
    };

    // The field of each kind, with what it holds and how it is filled.
    const fields = {
      number(facts) {
        const input = make("input", { type: "text", inputMode: "decimal", autocomplete: "off" });
        const box = make("label", {}, "Your answer ", input, ` ${facts.unit}`);
        return { box, given: () => input.value, fill: (text) => { input.value = text; } };
      },
      choice: (facts, name) => globalThis.inklingOptions(facts.options, name),
      open() {
        const input = make("textarea", { rows: 3 });
        return { box: make("label", {}, "Your answer", input), given: () => input.value, fill: (text) => { input.value = text; } };
      },
    };

    const build = (item) => {
      const source = item.querySelector("noscript");
      if (!source) return;
      const id = item.dataset.question, facts = JSON.parse(item.dataset.facts);
      const answer = make("div", { className: "qa-answer" }, globalThis.inklingUnpacked(source));
      const field = fields[facts.kind](facts, "choice-" + id);
      const reply = make("p", { className: "qa-reply" });
      reply.setAttribute("role", "status");
      const show = make("button", { type: "button", textContent: "Show the answer" });
      const check = make("button", { textContent: facts.kind === "open" ? "Compare" : "Check", className: "main" });
      const form = make("form", { className: "qa-form", noValidate: true }, field.box, make("p", { className: "qa-buttons" }, check, show), reply);
      const reveal = (isShown) => {
        answer.classList.toggle("waits", !isShown);
        show.textContent = isShown ? "Hide the answer" : "Show the answer";
        show.setAttribute("aria-expanded", String(isShown));
      };
      const keep = () => { put(key, JSON.stringify(answers)); tick(); };
      const points = [...answer.querySelectorAll(".qa-points li")].map((line, place) => {
        const box = make("input", { type: "checkbox" });
        line.replaceChildren(make("label", {}, box, " ", line.textContent));
        box.addEventListener("change", () => {
          const own = answers[id];
          if (!own) { box.checked = false; say({ reply: "Write your own answer first, then compare." }); return; }
          own.points = points.flatMap((one, at) => one.checked ? [at + 1] : []);
          say({ verdict: "open", reply: `${own.points.length} of ${points.length} points.` });
          keep();
        });
        return box;
      });
      const say = ({ verdict, reply: text }) => {
        reply.textContent = text;
        reply.dataset.verdict = verdict ?? "none";
      };
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const given = field.given(), grade = globalThis.inklingGrade(facts, given);
        say(grade);
        if (!grade.verdict) return;
        answers[id] = { ...answers[id], given, verdict: grade.verdict };
        if (grade.verdict === "right" || grade.verdict === "open") reveal(true);
        keep();
      });
      show.addEventListener("click", () => reveal(answer.classList.contains("waits")));
      source.replaceWith(form, answer);
      const own = answers[id];
      if (own?.verdict) {
        field.fill(own.given);
        for (const place of own.points ?? []) if (points[place - 1]) points[place - 1].checked = true;
        say(own.points ? { verdict: "open", reply: `${own.points.length} of ${points.length} points.` } : globalThis.inklingGrade(facts, own.given));
      }
      reveal(own?.verdict === "right" || own?.verdict === "open");
    };

    for (const item of items) item.addEventListener("toggle", () => build(item));
    // On paper every answer is open.
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = items.filter((item) => !item.open);
      for (const item of items) { build(item); item.open = true; }
    });
    addEventListener("afterprint", () => {
      for (const item of opened) item.open = false;
    });
    // Who comes by its address finds it open.
    const arrive = () => {
      const item = location.hash.startsWith("#q-") && document.getElementById(location.hash.slice(1));
      if (item) item.open = true;
    };
    addEventListener("hashchange", arrive);
    arrive();
    tick();
  });
})();

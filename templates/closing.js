// Notes on the reader's own progress, and the file of all answers.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("[data-export-answers]");
  if (!button) return;
  const { get, put } = globalThis.inklingStore;
  const run = document.documentElement.dataset.run;
  const key = "inkling-progress:" + run;
  let notes = {};
  try { notes = JSON.parse(get(key) || "{}") || {}; } catch { /* start anew */ }
  const box = document.querySelector(".progress");
  const fields = [...document.querySelectorAll("[data-note]")];
  for (const field of fields) {
    if (typeof notes[field.dataset.note] === "string") field.value = notes[field.dataset.note];
    field.addEventListener("input", () => {
      notes[field.dataset.note] = field.value;
      put(key, JSON.stringify(notes));
      box.classList.add("written");
    });
  }
  box.classList.toggle("written", Object.keys(notes).length > 0);
  globalThis.inklingRove(document.querySelector(".resources"), "a");
  // What JSON escapes TOML does too, but for one character and halves of pairs.
  const text = (value) => JSON.stringify(value.replace(/\p{Cs}/gu, "\ufffd")).replaceAll("\x7f", "\\u007f");
  const toml = () => {
    const values = Object.fromEntries(fields.map((field) => [field.dataset.note, field.value]));
    const lines = ["# Answers to the questions of an Inkling report; graded by: inkling check answers.toml --report DIR",
      `name = ${text(values.name)}`, `date = ${text(values.date)}`, `run = ${text(run)}`, "", "[answers]"];
    for (const item of document.querySelectorAll("details.qa")) {
      const own = globalThis.inklingAnswers[item.dataset.question];
      if (!own?.verdict) continue;
      const given = text(own.given);
      lines.push(`${item.dataset.question} = ` + (own.verdict === "open" ? `{ text = ${given}, points = [${own.points ?? []}] }` : given));
    }
    lines.push("", "[notes]");
    for (const [name, value] of Object.entries(values)) if (!["name", "date"].includes(name)) lines.push(`${name} = ${text(value)}`);
    for (const field of document.querySelectorAll("details.own textarea")) {
      if (field.value) lines.push(`${field.closest("details").dataset.chapter} = ${text(field.value)}`);
    }
    return lines.join("\n") + "\n";
  };
  button.addEventListener("click", () => {
    const link = Object.assign(document.createElement("a"), {
      href: URL.createObjectURL(new Blob([toml()], { type: "application/toml" })), download: "answers.toml",
    });
    link.click();
    URL.revokeObjectURL(link.href);
  });
});

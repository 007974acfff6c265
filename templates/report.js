// The page works without this script; it adds the theme switch, progress and reading aids.
"use strict";
(() => {
  const root = document.documentElement;
  const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const store = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private */ } };
  const choices = ["auto", "light", "dark"];
  let theme = choices.includes(stored("inkling-theme")) ? stored("inkling-theme") : "auto";

  // Before the page is drawn, so that it never flashes in the wrong theme.
  const paint = (choice) => {
    if (choice === "auto") delete root.dataset.theme;
    else root.dataset.theme = choice;
    const media = { auto: "(prefers-color-scheme: dark)", light: "not all", dark: "all" }[choice];
    for (const source of document.querySelectorAll("source[data-dark]")) source.media = media;
  };
  paint(theme);
  root.classList.add("scripted");
  globalThis.inklingStore = { get: stored, put: store };

  document.addEventListener("DOMContentLoaded", () => {
    const all = (selector) => [...document.querySelectorAll(selector)];

    // What waits in a noscript.
    const unpacked = (source) => {
      const template = document.createElement("template");
      template.innerHTML = source.textContent;
      return template.content;
    };
    globalThis.inklingUnpacked = unpacked;

    // A table that fits needs no place of its own in the order of the Tab key.
    const wide = new ResizeObserver((entries) => {
      for (const { target } of entries) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
    });
    for (const table of all(".scroll[tabindex]")) wide.observe(table);

    // A figure that is drawn for several widths has one of its drawings in the page; the others wait in its noscript.
    const prepared = new WeakSet();
    const fitted = all("noscript.other-widths").map((source) => {
      const wide = source.previousElementSibling;
      return { source, figure: source.parentElement, wide, shown: wide, others: null };
    });
    const [phone, tablet] = ["600px", "1040px"].map((width) => matchMedia(`screen and (max-width:${width})`));
    let isPrinting = false;
    const fit = () => {
      for (const item of fitted) {
        let wanted = item.wide;
        if (!isPrinting && tablet.matches) {
          item.others ??= [...unpacked(item.source).children];
          const one = (name) => [item.wide, ...item.others].find((body) => body.classList.contains(name));
          wanted = phone.matches ? one("narrow") : one("medium") ?? one("fitting");
        }
        if (wanted === item.shown) continue;
        item.shown.replaceWith(wanted);
        item.shown = wanted;
        prepare(wanted);
        item.figure.dispatchEvent(new Event("fit"));
      }
      choose();
      if (!isPrinting) paint(theme);
    };

    // Theme.
    const buttons = all("[data-theme-choice]");
    const show = (choice) => {
      paint(choice);
      for (const button of buttons) {
        button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
      }
    };
    for (const button of buttons) {
      button.addEventListener("click", () => {
        theme = button.dataset.themeChoice;
        store("inkling-theme", theme);
        show(theme);
      });
    }
    show(theme);

    // Printing: light.
    addEventListener("beforeprint", () => {
      isPrinting = true;
      fit();
      paint("light");
      for (const image of document.images) image.loading = "eager";
    });
    addEventListener("afterprint", () => {
      isPrinting = false;
      fit();
      paint(theme);
    });

    // Where the reader is.
    const sections = all("header.mast, section.chap");
    const links = all(".toc li a");
    const short = all(".bar li a");
    const title = document.querySelector(".bar-title");
    const locate = () => {
      const line = innerHeight * 0.3;
      let here = 0;
      sections.forEach((section, index) => {
        if (section.getBoundingClientRect().top < line) here = index;
      });
      const box = sections[here].getBoundingClientRect();
      const part = Math.min(1, Math.max(0, (line - box.top) / Math.max(box.height, 1)));
      root.style.setProperty("--progress", ((here + part) / sections.length).toFixed(4));
      for (const list of [links, short]) {
        list.forEach((link, index) => {
          if (index === here) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        });
      }
      if (title && short[here]) title.textContent = short[here].textContent.replace(/^(\d+)/, "$1 ");
    };
    let waiting = false;
    addEventListener("scroll", () => {
      if (waiting || !sections.length) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; locate(); });
    }, { passive: true });
    if (sections.length) {
      addEventListener("resize", locate);
      locate();
    }
    for (const link of short) {
      link.addEventListener("click", () => { document.querySelector(".bar details").open = false; });
    }

    // Many links or buttons side by side, such as the cells of the confusion matrix, are one stop of the Tab key, and so are the
    // lines of a chapter that open methods; arrow keys move to the nearest. To be called again where some come or go.
    const roving = new WeakMap();
    const rove = (box, selector) => {
      const all = () => [...box.querySelectorAll(selector)];
      const stop = (here) => { for (const link of all()) link.tabIndex = link === here ? 0 : -1; };
      const links = all();
      stop(links.find((link) => link === document.activeElement) ?? links.find((link) => !link.disabled && link.checkVisibility()) ?? links[0]);
      const groups = roving.get(box) ?? new Set();
      if (groups.has(selector)) return;
      roving.set(box, groups.add(selector));
      box.dataset.rove = [...groups].join(" | ");
      box.addEventListener("focusin", (event) => {
        const here = event.target.closest(selector);
        if (here) stop(here);
      });
      box.addEventListener("keydown", (event) => {
        const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
        const from = event.target.closest(selector);
        if (!way || !from) return;
        const { x, y } = from.getBoundingClientRect();
        const distance = (link) => {
          const box = link.getBoundingClientRect();
          const ahead = (box.x - x) * way[0] + (box.y - y) * way[1];
          const aside = Math.abs((box.x - x) * way[1]) + Math.abs((box.y - y) * way[0]);
          return ahead > 1 ? ahead + 3 * aside : Infinity;
        };
        const open = all().filter((link) => !link.disabled && link.checkVisibility());
        const next = open.reduce((best, link) => distance(link) < distance(best) ? link : best, from);
        if (next !== from && distance(next) < Infinity) next.focus();
        event.preventDefault();
      });
    };
    globalThis.inklingRove = rove;
    for (const box of all(".cells-of, .thumbs, .themes, .btns")) rove(box, "a, button");
    for (const contents of all(".toc")) rove(contents, ".brand, ol a");
    for (const chapter of all("section.chap")) {
      for (const kind of [":is(details.qa, details.own)", "figure details.data"]) {
        if (chapter.querySelector(kind)) rove(chapter, `${kind} > summary`);
        for (const line of chapter.querySelectorAll(`${kind} > summary`)) line.setAttribute("aria-keyshortcuts", "ArrowDown ArrowUp");
      }
    }

    // Numbers behind a figure come into the page when they are asked for.
    for (const source of all("noscript.late")) {
      const ask = source.closest("details");
      ask.addEventListener("toggle", () => source.replaceWith(unpacked(source)), { once: true });
    }

    // What a cell opens stands beside the matrix, or below it on a narrow page; the page need not move to its address.
    const galleries = all(".gallery");
    const choose = () => {
      const shown = galleries.find((gallery) => "#" + gallery.id === location.hash) ?? galleries[0];
      for (const gallery of galleries) gallery.classList.toggle("chosen", gallery === shown);
      for (const cell of all(".cell-link")) {
        if (shown && cell.hash === "#" + shown.id) cell.setAttribute("aria-current", "true");
        else cell.removeAttribute("aria-current");
      }
      return shown;
    };
    for (const box of all(".galleries")) box.classList.add("scripted-galleries");
    const open = (event) => {
      event.preventDefault();
      history.replaceState(null, "", event.currentTarget.hash);
      const shown = choose(), box = shown.getBoundingClientRect();
      if (box.bottom > innerHeight || box.top < 0) shown.scrollIntoView({ block: "center" });
    };
    addEventListener("hashchange", choose);
    // In a single file an image has its part of this page: who comes to it starts to read there.
    addEventListener("hashchange", () => {
      const one = document.querySelector(".case.inside:target");
      if (!one) return;
      one.tabIndex = -1;
      one.focus({ preventScroll: true });
    });

    // Stages of training, one at a time.
    for (const figure of all("figure.stepped")) {
      const rows = () => [...figure.querySelectorAll(".body .tile-row")];
      const count = rows().length;
      const box = document.createElement("div");
      box.className = "steps";
      const [slider, output] = ["input", "output"].map((tag) => document.createElement(tag));
      Object.assign(slider, { type: "range", min: 0, max: count - 1, value: count - 1 });
      slider.setAttribute("aria-label", "Stage");
      const show = () => {
        const stages = rows();
        stages.forEach((row, at) => row.classList.toggle("now", at === Number(slider.value)));
        output.textContent = stages[Number(slider.value)].querySelector(".tile-label").textContent.trim();
        slider.setAttribute("aria-valuetext", output.textContent);
      };
      slider.addEventListener("input", show);
      figure.addEventListener("fit", show);
      box.append(slider, output);
      figure.querySelector(".ft").after(box);
      figure.classList.add("scripted-steps");
      show();
    }

    // The reader's notes, kept in this browser and saved as text on demand.
    const notesKey = "inkling-notes:" + root.dataset.run;
    let notes = {};
    try { notes = JSON.parse(stored(notesKey) || "{}"); } catch { /* start anew */ }
    for (const box of all("details.own")) {
      const field = box.querySelector("textarea");
      field.value = notes[box.dataset.chapter] || "";
      box.open = field.value !== "";
      box.classList.toggle("written", field.value !== "");
      field.addEventListener("input", () => {
        notes[box.dataset.chapter] = field.value;
        box.classList.toggle("written", field.value !== "");
        store(notesKey, JSON.stringify(notes));
      });
    }

    // The values of a line chart under the pointer.
    const tip = document.getElementById("tip");
    const readOut = (drawing) => {
      const svg = drawing.querySelector("svg");
      const readout = JSON.parse(drawing.dataset.readout);
      for (const line of readout.lines) line.words = line.values.split("|");
      if (!svg || !readout.lines.length) return;
      const [left, top, width, height] = readout.plot;
      const cross = document.createElementNS("http://www.w3.org/2000/svg", "line");
      for (const [name, value] of [["y1", top], ["y2", top + height], ["class", "cross"]]) {
        cross.setAttribute(name, value);
      }
      svg.append(cross);
      svg.addEventListener("pointermove", (event) => {
        const box = svg.getBoundingClientRect();
        const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
        const near = (line) => line.x.reduce(
          (best, value, index) => Math.abs(value - x) < Math.abs(line.x[best] - x) ? index : best, 0);
        const main = readout.lines[readout.lines.length - 1];
        const at = main.x[near(main)];
        if (x < left - 8 || x > left + width + 8 || at === undefined) return leave();
        cross.setAttribute("x1", at);
        cross.setAttribute("x2", at);
        cross.style.visibility = "visible";
        tip.textContent = readout.lines.map((line) => `${line.name} ${line.words[near(line)]}`).join("\n");
        tip.style.visibility = "visible";
        tip.style.left = Math.max(4, Math.min(scrollX + event.clientX + 14, root.clientWidth - 200)) + "px";
        tip.style.top = scrollY + event.clientY + 14 + "px";
      });
      const leave = () => { cross.style.visibility = tip.style.visibility = "hidden"; };
      svg.addEventListener("pointerleave", leave);
    };

    // Lines that can be chosen: by pointing, by touching, or with the arrow keys.
    const pickLines = (drawing) => {
      // The most important line is drawn last.
      const picks = [...drawing.querySelectorAll("svg .pick")].reverse();
      if (!picks.length) return;
      const end = picks[0].nextSibling;
      let chosen = -1;
      for (const pick of picks) {
        // In place of the browser's own tip, which would stand beside ours.
        const title = pick.querySelector("title");
        pick.dataset.words = title.textContent;
        title.remove();
      }
      drawing.tabIndex = 0;
      drawing.setAttribute("role", "group");
      drawing.setAttribute("aria-label", `${picks.length} lines, the arrow keys choose one`);
      const leave = () => {
        picks.forEach((pick) => pick.classList.remove("chosen"));
        chosen = -1;
        tip.style.visibility = "hidden";
      };
      const choose = (index) => {
        if (index === chosen) return;
        leave();
        chosen = index;
        const pick = picks[chosen];
        pick.classList.add("chosen");
        pick.parentNode.insertBefore(pick, end);
        tip.textContent = pick.dataset.words;
        const box = drawing.getBoundingClientRect();
        tip.style.left = Math.max(4, Math.min(scrollX + box.left + 14, root.clientWidth - 244)) + "px";
        tip.style.top = scrollY + box.bottom + 4 + "px";
        tip.style.visibility = "visible";
      };
      picks.forEach((pick, index) => {
        pick.addEventListener("pointerenter", () => choose(index));
        pick.addEventListener("click", () => choose(index));
      });
      drawing.addEventListener("pointerleave", leave);
      // Who goes by the keyboard may hear the words as well.
      drawing.addEventListener("focus", () => tip.setAttribute("role", "status"));
      drawing.addEventListener("blur", () => { leave(); tip.removeAttribute("role"); });
      drawing.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        if (event.key === "Escape") leave();
        if (!step) return;
        event.preventDefault();
        choose((chosen + step + picks.length) % picks.length);
      });
    };

    // What a drawing needs when it comes into the page.
    const prepare = (body) => {
      if (prepared.has(body)) return;
      prepared.add(body);
      for (const drawing of body.querySelectorAll("[data-readout]")) readOut(drawing);
      for (const drawing of body.querySelectorAll(".drawing")) {
        pickLines(drawing);
        if (drawing.querySelector(".cell-link")) rove(drawing, ".cell-link");
      }
      if (body.querySelector(".case-link")) rove(body, ".case-link");
      for (const cell of body.querySelectorAll(".cell-link")) cell.addEventListener("click", open);
    };
    fit();
    for (const body of all(".body")) prepare(body);
    for (const width of [phone, tablet]) width.addEventListener("change", fit);
  });
})();

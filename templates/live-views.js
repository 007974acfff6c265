// What the page shows of the network: its answer while one draws, its maps, and what changes the answer.
document.addEventListener("DOMContentLoaded", () => {
  const panel = document.querySelector(".live");
  const facts = globalThis.inklingFacts;
  if (!panel || !facts) return;
  const network = new InklingNetwork(facts);
  const painter = new InklingPainter(panel, facts.inputShape);
  const { channels, height, width } = painter, preparation = new InklingPreparation(facts.preparation ?? { polarity: "mixed", paper: 0 }, facts.inputShape);
  const part = (name) => panel.querySelector(`[data-part=${name}]`);
  const names = JSON.parse(panel.dataset.classes);
  let pixels = new Float32Array(channels * height * width);
  // The example that was loaded, none for a drawing or a picture of one's own; strokes go on top of it.
  let loaded = null;
  let told = 0;
  // What is shown is counted; a picture of one's own may have nothing on it.
  let turn = 0, isUnseen = false;
  const time = document.querySelector("[data-part=time]");

  const { percent } = InklingFollow, showBars = inklingBars(part("bars"), names);

  const examples = [...facts.examples, ...facts.fragile];
  const example = (index) => InklingNetwork.plane(examples[index].pixels);

  // What every layer says to the picture at hand.
  let all = [];
  const trace = new InklingTrace(network), { layers } = network;
  // The number that is followed, and whether the reader holds it; the program's choice until there is one.
  let target = null, isHeld = false;
  const scale = parseFloat(part("seen").style.width) / width;
  const showNumber = (isAloud) => {
    const { words, marks, field } = follow.show(all, target.value, target.place);
    for (const strip of strips) strip.mark(marks.filter(({ value }) => value === strip.value));
    const mark = part("field");
    mark.hidden = !field;
    if (field) {
      mark.style.cssText = `left:${field.left * scale}px;top:${field.top * scale}px;`
        + `width:${(field.right - field.left + 1) * scale}px;height:${(field.bottom - field.top + 1) * scale}px`;
    }
    part("hold").textContent = isHeld ? "Let go" : "Hold";
    part("hold").setAttribute("aria-pressed", String(isHeld));
    if (isAloud) say(words, 300);
  };
  const go = (value, place) => {
    [target, isHeld] = [{ value, place }, true];
    const strip = strips.find((one) => one.value === value);
    if (strip) strip.place = place;
    showNumber(true);
  };
  // Pointing shows a number while none is held; a click or Enter holds it, the same again or Escape lets go.
  const picked = (strip, place, how) => {
    const isSame = target.value === strip.value && target.place === place;
    if (how === "seen" && (isHeld || isSame)) return;
    target = { value: strip.value, place };
    strip.place = place;
    if (how === "held") isHeld = !(isHeld && isSame);
    if (how === "let go") isHeld = false;
    showNumber(how !== "seen");
  };
  const room = Math.min(520, part("maps").clientWidth || panel.parentElement.clientWidth - 30);
  const strip = (value) => {
    const made = new InklingStrip({ value, layer: layers[value - 1], painter, room, picked, isLast: value === layers.length });
    part("maps").insertBefore(made.box, part("more-maps"));
    return made;
  };
  // The first two layers whose maps are worth watching, the units before the scores, and the scores.
  const last = layers.length, hidden = layers[last - 1].kind === "linear" ? trace.plain(layers[last - 1].inputs[0]) : 0;
  const strips = [
    ...network.watched.slice(0, 2).map(({ index }) => index + 1),
    ...(hidden && layers[hidden - 1].shape.length === 1 ? [hidden] : []), last,
  ].filter((value, i, values) => values.indexOf(value) === i).map(strip);
  const fixed = strips.length, choice = part("other-layer");
  layers.forEach(({ name, kind }, i) => {
    if (kind !== "flatten" && !strips.some(({ value }) => value === i + 1)) choice.append(new Option(name, i + 1));
  });
  part("more-maps").hidden = choice.options.length < 2;
  choice.addEventListener("change", () => {
    for (const old of strips.splice(fixed)) old.box.remove();
    if (choice.value) {
      strips.push(strip(Number(choice.value)));
      strips.at(-1).draw(all[Number(choice.value)]);
    }
    showNumber(false);
  });
  const shown = (value) => strips.some((strip) => strip.value === value);
  const follow = new InklingFollow({ box: part("follow"), trace, painter, names, go, shown });
  follow.chosen = () => showNumber(true);
  part("hold").addEventListener("click", () => { isHeld = !isHeld; showNumber(true); });
  for (const button of panel.querySelectorAll("[data-key]")) {
    button.addEventListener("click", () => {
      const strip = strips.find(({ value }) => value === target.value);
      if (strip) go(strip.value, strip.moved(button.dataset.key));
    });
  }

  const ledger = new InklingLedger({
    box: part("ledger"), trace, painter, names, units: panel.dataset.units ? JSON.parse(panel.dataset.units) : null,
    examples: examples.map(({ label }, i) => ({ label, pixels: example(i) })), said: (words) => say(words, 300),
  });

  const epsilon = part("epsilon");
  const nudged = () => {
    const size = Number(epsilon.value);
    part("epsilon-value").textContent = size.toFixed(3);
    const before = network.classify(pixels);
    const answer = before.indexOf(Math.max(...before));
    const slope = size > 0 ? network.gradient(pixels, answer) : pixels;
    const other = pixels.map((x, i) => Math.min(1, Math.max(0, x + size * Math.sign(slope[i]))));
    painter.image(part("nudged"), other);
    const after = network.classify(other);
    const best = after.indexOf(Math.max(...after));
    part("nudged-answer").textContent = `${names[best]}, ${percent(after[best])} sure`;
    part("nudged-answer").className = best === answer ? "" : "t-wrong";
  };

  // Said aloud only when the hand rests.
  const say = (words, delay) => {
    clearTimeout(told);
    told = setTimeout(() => { part("said").textContent = words; }, delay);
  };

  let waiting = 0;
  const answer = (isStill) => {
    const start = performance.now();
    all = network.run(pixels);
    time.textContent = `One answer took ${Math.max(1, Math.round(performance.now() - start))} ms here.`;
    const odds = InklingNetwork.probabilities(all.at(-1));
    const best = odds.indexOf(Math.max(...odds));
    // Strokes on an example may make it anything.
    const isChanged = pad.strokes.length > 0, truth = loaded === null || isChanged ? best : examples[loaded].label;
    painter.image(part("seen"), pixels);
    const isBlank = pad.isEmpty || isUnseen && !pad.strokes.length;
    part("bars").hidden = isBlank;
    part("blank").hidden = !isBlank;
    part("blank").textContent = "Nothing is to be seen, so there is nothing to answer. It would name a class all the same: "
      + `${names[best]}, ${percent(odds[best])} sure.`;
    showBars(odds, best, truth === best ? "t-ink" : "t-wrong");
    const before = loaded !== null && isChanged ? examples[loaded].predicted : best;
    const words = isBlank ? `Draw, open a picture, or load a test ${panel.dataset.noun}.`
      : `It says ${names[best]}, ${percent(odds[best])} sure.`
      + (truth === best ? "" : ` It is ${names[truth]}.`) + (before === best ? "" : ` Before your strokes it said ${names[before]}.`);
    part("verdict").textContent = words;
    part("verdict").classList.toggle("t-wrong", truth !== best);
    say(words, isStill ? 0 : 600);
    for (const strip of strips) strip.draw(all[strip.value]);
    if (!isHeld && (!target || target.isChosen)) {
      const { value } = strips[0], place = all[value].reduce((top, x, i, values) => x > values[top] ? i : top, 0);
      target = { value, place, isChosen: true };
    }
    showNumber(false);
    const rival = truth === best ? odds.reduce((top, p, k) => k !== best && (top < 0 || p > odds[top]) ? k : top, -1) : truth;
    ledger.show(all, isBlank || rival < 0 ? null : [best, rival]);
    part("why-box").hidden = true;
    // What costs several runs waits until the hand rests.
    clearTimeout(waiting);
    if (isStill) nudged();
    else waiting = setTimeout(nudged, 120);
  };

  const read = (isStill) => {
    pixels = pad.read();
    answer(isStill);
  };
  const pad = new InklingPad(part("pad"), painter, preparation, facts.mean, read);
  // Shows a picture's pixels; `index` is its place among the examples, `words` say what was done to one's own.
  const show = (picture, { index = null, isBlank = false, words = "" }) => {
    turn += 1;
    [pixels, loaded, isUnseen] = [picture, index, isBlank];
    part("opened").textContent = words;
    pad.show(pixels);
    answer(true);
  };
  const load = (index) => show(example(index), { index });
  inklingOpener({
    panel, part, preparation, opened: (picture, isBlank, words) => show(picture, { isBlank, words }), turn: () => turn,
  });
  part("clear").addEventListener("click", () => {
    turn += 1;
    loaded = null;
    part("opened").textContent = "";
    pad.show(null);
    read(true);
  });
  part("pen").addEventListener("input", () => { pad.color = part("pen").value; });
  part("undo").addEventListener("click", () => { if (pad.strokes.length) { pad.strokes.pop(); read(true); } });

  // Examples, for hands without a pen.
  for (const button of panel.querySelectorAll("[data-example]")) {
    button.addEventListener("click", () => load(Number(button.dataset.example)));
  }
  epsilon.addEventListener("input", () => {
    nudged();
    say(`Nudged by ${part("epsilon-value").textContent}: ${part("nudged-answer").textContent}`, 600);
  });

  // Occlusion: how much the answer's probability falls when a window is blanked.
  part("why").addEventListener("click", async () => {
    const odds = network.classify(pixels);
    const best = odds.indexOf(Math.max(...odds));
    const size = Math.max(1, Math.round(Math.min(height, width) / 4)), step = Math.max(1, Math.floor(size / 3));
    const sums = new Float32Array(height * width), counts = new Float32Array(height * width);
    const image = pixels;
    let most = 0, least = 0;
    for (let y = 0; y <= height - size; y += step) {
      for (let x = 0; x <= width - size; x += step) {
        const covered = Float32Array.from(image);
        for (let c = 0; c < channels; c++) {
          for (let v = y; v < y + size; v++) covered.fill(0, (c * height + v) * width + x, (c * height + v) * width + x + size);
        }
        const fall = odds[best] - network.classify(covered)[best];
        most = Math.max(most, fall);
        least = Math.min(least, fall);
        for (let v = y; v < y + size; v++) {
          for (let u = x; u < x + size; u++) {
            sums[v * width + u] += fall;
            counts[v * width + u] += 1;
          }
        }
      }
      // The page stays alive between rows; a new drawing makes this map stale.
      await new Promise((resolve) => setTimeout(resolve));
      if (image !== pixels) return;
    }
    const means = sums.map((x, i) => counts[i] ? x / counts[i] : 0);
    const largest = means.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    painter.numbers(part("occlusion"), means, height, width, largest, "signed");
    const points = (x) => `${(100 * x).toFixed(x < 0.095 ? 1 : 0)} points`;
    part("why-words").textContent = most >= 0.005
      ? `Orange parts hold the answer up: covering a window there takes up to ${points(most)} of its probability.`
      : least <= -0.005
        ? `Blue parts speak against the answer: covering a window there adds up to ${points(-least)}.`
        : "No single window matters: covering any one leaves the answer as sure as it was.";
    part("why-box").hidden = false;
  });

  const attack = inklingNudge({ network, painter, names, example });
  const repair = inklingRepair({ network, painter, names });

  // The theme moved: draw again in its colors.
  const repaint = () => {
    painter.forget();
    pad.redraw();
    answer(true);
    attack();
    repair();
  };
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

  panel.hidden = false;
  if (panel.dataset.digits === "true") {
    // A 7, so that the page is never empty.
    const seven = [[0.28, 0.28], [0.72, 0.27], [0.6, 0.5], [0.46, 0.78]];
    pad.strokes = [{ color: pad.color, places: seven.map((place) => place.map((x) => x * pad.side)) }];
    read(true);
  } else if (facts.examples.length) {
    load(0);
  }
});

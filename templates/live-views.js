// What the page shows of the network: its answer while one draws, its maps, and what changes the answer.
document.addEventListener("DOMContentLoaded", () => {
  const panel = document.querySelector(".live");
  const facts = globalThis.inklingFacts;
  if (!panel || !facts) return;
  const network = new InklingNetwork(facts);
  const painter = new InklingPainter(panel, facts.inputShape);
  const { channels, height, width } = painter;
  const part = (name, box = panel) => box.querySelector(`[data-part=${name}]`);
  const names = JSON.parse(panel.dataset.classes);
  let pixels = new Float32Array(channels * height * width);
  // The example that was loaded, until something is drawn.
  let loaded = null;
  let told = 0;
  const time = document.querySelector("[data-part=time]");

  const percent = (p) => p > 0.999 ? ">99.9%" : p < 0.001 ? "<0.1%" : `${p >= 0.99 ? (100 * p).toFixed(1) : (100 * p).toPrecision(2)}%`;

  // One bar a class in a box; the answer has the class `style`.
  const barsIn = (box) => {
    const rows = names.map((name) => {
      const row = document.createElement("div");
      row.className = "mini";
      const [label, track, fill, number] = ["i", "b", "s", "em"].map((tag) => document.createElement(tag));
      label.textContent = name;
      track.append(fill);
      row.append(label, track, number);
      box.append(row);
      return { fill, number };
    });
    return (odds, best, style) => rows.forEach(({ fill, number }, k) => {
      fill.style.setProperty("--v", odds[k]);
      fill.className = k === best ? style : "";
      number.textContent = percent(odds[k]);
    });
  };
  const showBars = barsIn(part("bars"));

  // The first two layers whose maps are worth watching; none for a network without maps.
  const maps = network.watched.slice(0, 2).map(({ layer, index }) => {
    const box = document.createElement("div");
    const title = document.createElement("h3");
    title.className = "note-title";
    title.textContent = `${layer.name}: ${layer.shape[0]} maps of ${layer.shape[1]} × ${layer.shape[2]}`;
    const strip = document.createElement("div");
    strip.className = "maps";
    // Eight to a line, the many maps of deeper layers smaller.
    const count = Math.min(64, layer.shape[0]);
    const room = Math.min(count > 32 ? 30 : 50, panel.parentElement.clientWidth / 8 - 8);
    const scale = Math.max(1, Math.floor(room / Math.max(layer.shape[1], layer.shape[2])));
    const canvases = Array.from({ length: count }, () => {
      const canvas = document.createElement("canvas");
      canvas.setAttribute("aria-hidden", "true");
      canvas.style.width = `${layer.shape[2] * scale}px`;
      canvas.style.height = `${layer.shape[1] * scale}px`;
      strip.append(canvas);
      return canvas;
    });
    box.append(title, strip);
    part("maps").append(box);
    return { layer, index, canvases };
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

  const answer = (isStill) => {
    const start = performance.now();
    const all = network.run(pixels);
    time.textContent = `One answer took ${Math.max(1, Math.round(performance.now() - start))} ms here.`;
    const odds = InklingNetwork.probabilities(all.at(-1));
    const best = odds.indexOf(Math.max(...odds));
    painter.image(part("seen"), pixels);
    showBars(odds, best, loaded === null || examples[loaded].label === best ? "t-ink" : "t-wrong");
    const blank = pixels.every((x) => x === 0);
    const truth = loaded === null ? best : examples[loaded].label;
    const words = (blank ? "Draw something." : `It says ${names[best]}, ${percent(odds[best])} sure.`)
      + (truth === best ? "" : ` It is ${names[truth]}.`);
    part("verdict").textContent = words;
    part("verdict").classList.toggle("t-wrong", truth !== best);
    say(words, isStill ? 0 : 600);
    for (const { layer, index, canvases } of maps) {
      const values = all[index + 1], size = layer.shape[1] * layer.shape[2];
      // What stands behind no activation function has signs.
      const name = layer.inputs.length > 1 ? "signed" : "activation";
      const largest = values.reduce((a, b) => Math.max(a, name === "signed" ? Math.abs(b) : b), 0);
      canvases.forEach((canvas, c) => {
        painter.numbers(canvas, values.subarray(c * size, (c + 1) * size), layer.shape[1], layer.shape[2], largest, name);
      });
    }
    part("why-box").hidden = true;
    nudged();
  };

  const examples = [...facts.examples, ...facts.fragile];
  const example = (index) => InklingNetwork.plane(examples[index].pixels);

  const read = (isStill) => {
    loaded = null;
    pixels = pad.read();
    answer(isStill);
  };
  const pad = new InklingPad(part("pad"), painter, read);
  const load = (index) => {
    [pixels, loaded] = [example(index), index];
    pad.show(pixels);
    answer(true);
  };
  part("clear").addEventListener("click", () => { pad.show(null); read(true); });
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

  // The chapter on attacks: PGD on an example, of any size.
  const trial = document.querySelector(".nudge");
  const showTrial = trial && barsIn(part("bars", trial));
  let victim = 0, turn = 0;
  const attack = async () => {
    const mine = ++turn;
    const size = Number(part("epsilon", trial).value), image = example(victim);
    part("size", trial).textContent = size.toFixed(3);
    const before = network.classify(image);
    const answer = before.indexOf(Math.max(...before));
    const steps = 10;
    let other = image;
    for (let step = 0; size > 0 && step < steps; step++) {
      const slope = network.gradient(other, answer);
      other = other.map((x, i) => {
        const moved = x + 2.5 * size / steps * Math.sign(slope[i]);
        return Math.min(1, image[i] + size, Math.max(0, image[i] - size, moved));
      });
      // A newer drag makes this one stale.
      await new Promise((resolve) => setTimeout(resolve));
      if (mine !== turn) return;
    }
    const after = network.classify(other);
    const best = after.indexOf(Math.max(...after));
    const change = other.map((x, i) => x - image[i]);
    const mean = Float32Array.from({ length: height * width }, (_, i) => {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += change[c * height * width + i];
      return sum / channels;
    });
    painter.numbers(part("change", trial), mean, height, width, 1 / 8, "signed");
    painter.image(part("after", trial), other);
    showTrial(after, best, best === answer ? "t-ink" : "t-wrong");
    part("before-answer", trial).textContent = `Before the change: ${names[answer]}, ${percent(before[answer])}.`;
    part("after-answer", trial).textContent = `${names[best]}, ${percent(after[best])}`;
    part("after-answer", trial).className = best === answer ? "" : "t-wrong";
  };
  if (trial) {
    const choices = [...trial.querySelectorAll("[data-example]")];
    const choose = (index) => {
      victim = index;
      for (const button of choices) button.setAttribute("aria-pressed", String(Number(button.dataset.example) === index));
      attack();
    };
    for (const button of choices) button.addEventListener("click", () => choose(Number(button.dataset.example)));
    part("epsilon", trial).addEventListener("input", attack);
    trial.hidden = choices.length === 0;
    if (choices.length) choose(Number(choices[0].dataset.example));
  }

  // The theme moved: draw again in its colors.
  const repaint = () => {
    pad.redraw();
    answer(true);
    if (trial && !trial.hidden) attack();
  };
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

  panel.hidden = false;
  if (panel.dataset.digits === "true") {
    // A 7, so that the page is never empty.
    pad.strokes = [[[0.28, 0.28], [0.72, 0.27], [0.6, 0.5], [0.46, 0.78]].map((place) => place.map((x) => x * pad.side))];
    read(true);
  } else if (facts.examples.length) {
    load(0);
  }
});

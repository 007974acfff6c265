// What the page shows of a small network that learns in it: controls, loss chart, hidden units and a sentence.

// The losses of a course as a chart in the page's colors, drawn anew as it grows.
class InklingLossChart {
  static vocabulary = "http://www.w3.org/2000/svg";

  constructor(box) {
    this.svg = document.createElementNS(InklingLossChart.vocabulary, "svg");
    this.svg.setAttribute("role", "img");
    this.svg.setAttribute("aria-label", "Loss of training and validation, not measured yet");
    box.append(this.svg);
  }

  // Adds a mark; words are its text.
  mark(name, attributes, words) {
    const mark = document.createElementNS(InklingLossChart.vocabulary, name);
    for (const [key, value] of Object.entries(attributes)) mark.setAttribute(key, value);
    if (words !== undefined) mark.textContent = words;
    this.svg.append(mark);
  }

  // Round numbers for a logarithmic axis: 1, 2 and 5 times powers of ten, or powers alone where these would be many.
  static ticks(low, high) {
    const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
    const step = Math.ceil((to - from) / 6), factors = high / low > 200 ? [1] : [1, 2, 5], found = [];
    for (let power = from; power <= to; power += step) {
      for (const factor of factors) found.push(Number(`${factor}e${power}`));
    }
    return found.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
  }

  draw(points) {
    const shown = points.filter((point) => Number.isFinite(point.train) && Number.isFinite(point.validation));
    const width = Math.max(240, this.svg.parentElement.clientWidth), height = 280;
    const [left, right, top, bottom] = [48, width - (width < 480 ? 106 : 118), 30, height - 44];
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("height", height);
    this.svg.replaceChildren();
    this.mark("text", { x: 0, y: 12, class: "axis" }, "loss, nats (log scale)");
    if (!shown.length) return;
    // What is below the least is drawn at it.
    const drawn = (loss) => Math.max(InklingVerdict.least, loss);
    const losses = shown.flatMap((point) => [drawn(point.train), drawn(point.validation)]);
    const low = Math.min(...losses) / 1.15, high = Math.max(...losses, 4 * low) * 1.15;
    const last = Math.max(50, shown.at(-1).step);
    const x = (step) => left + (right - left) * step / last;
    const y = (loss) => bottom - (bottom - top) * Math.log(drawn(loss) / low) / Math.log(high / low);
    for (const tick of InklingLossChart.ticks(low, high)) {
      this.mark("line", { x1: left, x2: right, y1: y(tick), y2: y(tick), class: "grid" });
      const words = tick < 1e5 ? tick.toLocaleString("en-US", { maximumSignificantDigits: 1 })
        : `${tick.toPrecision(1)[0] === "1" ? "" : `${tick.toPrecision(1)[0]} × `}${InklingVerdict.power(Math.floor(Math.log10(tick)))}`;
      this.mark("text", { x: left - 8, y: y(tick) + 4, class: "tick", "text-anchor": "end" }, words);
    }
    this.mark("line", { x1: left, x2: right, y1: bottom, y2: bottom, class: "base" });
    const size = 10 ** Math.floor(Math.log10(last)), step = [0.2, 0.5, 1, 2].map((k) => k * size).find((s) => last / s <= 5) ?? size * 2;
    for (let tick = 0; tick <= last; tick += step) {
      this.mark("text", { x: x(tick), y: bottom + 18, class: "tick", "text-anchor": "middle" }, tick.toLocaleString("en-US"));
    }
    this.mark("text", { x: right, y: height - 6, class: "axis", "text-anchor": "end" }, "steps");
    const ends = [["train", "Training"], ["validation", "Validation"]].map(([name, title]) => {
      const path = shown.map((point, i) => `${i ? "L" : "M"}${x(point.step).toFixed(1)} ${y(point[name]).toFixed(1)}`).join("");
      this.mark("path", { d: path, class: name });
      const end = shown.at(-1);
      this.mark("circle", { cx: x(end.step), cy: y(end[name]), r: 3, class: name });
      return { name, words: `${title} ${InklingVerdict.nats(end[name])}`, at: y(end[name]), end: x(end.step) };
    });
    // The words at the ends keep clear of each other.
    const [upper, lower] = ends[0].at <= ends[1].at ? ends : [ends[1], ends[0]];
    const lack = Math.max(0, 16 - (lower.at - upper.at)) / 2;
    for (const [end, at] of [[upper, upper.at - lack], [lower, lower.at + lack]]) {
      this.mark("text", { x: end.end + 8, y: at + 4, class: `end ${end.name}` }, end.words);
    }
  }
}

document.addEventListener("DOMContentLoaded", async () => {
  const figure = document.querySelector(".train-figure"), facts = globalThis.inklingImages;
  if (!figure || !facts) return;
  const part = (name) => figure.querySelector(`[data-part=${name}]`);
  const [channels, height, width] = facts.inputShape, inputs = channels * height * width;

  // Of each image a row of a picture, its pixels in order, colors side by side.
  const sheet = new Image();
  sheet.src = `data:image/png;base64,${facts.sheet}`;
  await sheet.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [sheet.width, sheet.height];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(sheet, 0, 0);
  const rows = pen.getImageData(0, 0, sheet.width, sheet.height).data, plane = height * width;
  const image = (row) => {
    const values = new Float32Array(inputs);
    for (let channel = 0; channel < channels; channel++) {
      const mean = facts.mean[channel], deviation = facts.standardDeviation[channel];
      for (let i = 0; i < plane; i++) values[channel * plane + i] = (rows[4 * (row * plane + i) + channel] / 255 - mean) / deviation;
    }
    return values;
  };
  const images = (labels, first) => ({ labels, images: labels.map((_, i) => image(first + i)) });
  const data = {
    inputs, classes: facts.classCount, train: images(facts.trainLabels, 0),
    validation: images(facts.validationLabels, facts.trainLabels.length),
  };

  // Milliseconds of a frame that training may take, and steps after which it rests.
  const [portion, patience] = [9, 5000];
  const chart = new InklingLossChart(part("chart"));
  const rates = [-4, -3, -2, -1, 0].flatMap((power) => [1, 2, 5].map((factor) => Number(`${factor}e${power}`))).concat(10);
  const field = (name) => part(name).value;
  let course = null, work = null, isRunning = false, drawn = 0, told = 0, lastKind = "";

  const settings = () => ({
    rate: rates[field("rate")], optimizer: field("optimizer"), dropout: Number(field("dropout")),
    images: Number(field("images")), batch: Number(field("batch")), activation: field("activation"),
    hidden: Number(field("hidden")), seed: 1,
  });

  // Said aloud only when the hand rests.
  const say = (words) => {
    clearTimeout(told);
    told = setTimeout(() => { part("said").textContent = words; }, 600);
  };

  const showNumbers = () => {
    const now = course.points.at(-1);
    if (!now) return;
    const number = (loss, right) => Number.isFinite(loss) ? `${InklingVerdict.share(right)} right, loss ${InklingVerdict.nats(loss)}` : "no number";
    part("train").textContent = number(now.train, now.trainRight);
    part("validation").textContent = number(now.validation, now.validationRight);
    part("count").textContent = `${InklingVerdict.steps(now.step)}, ${
      Number((now.step / Math.ceil(course.count / course.settings.batch)).toFixed(1)).toLocaleString("en-US")} epochs`;
    const verdict = InklingVerdict.of({ ...course, classes: data.classes });
    part("verdict").textContent = verdict.words;
    part("verdict").dataset.kind = verdict.kind;
    if (!isGoing() || verdict.kind !== lastKind) say(verdict.words);
    lastKind = verdict.kind;
    chart.svg.setAttribute("aria-label", `Loss after ${part("count").textContent}. Training: ${part("train").textContent}. `
      + `Validation: ${part("validation").textContent}.`);
  };

  // What each unit of the first layer looks for, on one scale; of colors what it wants of each.
  const units = () => {
    const layer = course.learner.layers[0], shown = Math.min(32, layer.outputs), strip = part("units");
    const scale = Math.max(1, Math.floor((figure.clientWidth < 560 ? 40 : 56) / Math.max(height, width)));
    if (strip.children.length !== shown || strip.firstChild.style.width !== `${width * scale}px`) {
      strip.replaceChildren(...Array.from({ length: shown }, () => {
        const picture = document.createElement("canvas");
        Object.assign(picture, { width, height });
        picture.setAttribute("aria-hidden", "true");
        [picture.style.width, picture.style.height] = [`${width * scale}px`, `${height * scale}px`];
        return picture;
      }));
    }
    const title = layer.outputs === course.learner.hidden ? "hidden units" : "scores, without a hidden layer";
    part("units-title").textContent = `${shown < layer.outputs ? `${shown} of the ` : ""}${layer.outputs} ${title}: what each looks for`;
    return { layer, pictures: [...strip.children] };
  };
  const showUnits = () => {
    const { layer, pictures } = units();
    // Of every seventh weight: outliers do not pale all others.
    const some = new Float32Array(Math.ceil(layer.weights.length / 7)).map((_, i) => Math.abs(layer.weights[7 * i])).sort();
    const largest = some[Math.floor(0.985 * (some.length - 1))] || 1;
    const stops = getComputedStyle(document.documentElement).getPropertyValue("--map-signed")
      .trim().split(" ").map((stop) => stop.split(",").map(Number)), last = stops.length - 1;
    pictures.forEach((picture, unit) => {
      const pixels = new ImageData(width, height);
      for (let i = 0; i < plane; i++) {
        const share = (c) => Math.min(1, Math.max(0, (layer.weights[unit * inputs + c * plane + i] / largest + 1) / 2)) || 0;
        if (channels === 3) {
          for (let c = 0; c < 3; c++) pixels.data[4 * i + c] = 255 * share(c);
        } else {
          const place = last * share(0), from = Math.min(last - 1, Math.floor(place));
          for (let c = 0; c < 3; c++) pixels.data[4 * i + c] = stops[from][c] + (stops[from + 1][c] - stops[from][c]) * (place - from);
        }
        pixels.data[4 * i + 3] = 255;
      }
      picture.getContext("2d").putImageData(pixels, 0, 0);
    });
  };
  const show = () => {
    showNumbers();
    chart.draw(course.points);
    showUnits();
  };

  // A single step, or what is left after a pause, is no going on.
  const isGoing = () => isRunning && course.goal > course.step + 1;
  const showState = () => {
    part("run").textContent = isGoing() ? "Pause" : "Train";
    // From no number nothing goes on.
    for (const name of ["run", "step"]) part(name).disabled = course.isBroken;
  };
  // A portion of the work in each frame, so that the page stays alive.
  const frame = (now) => {
    const end = performance.now() + portion, seen = course.points.length, before = course.step;
    let isDone = false;
    while (performance.now() < end && !isDone) {
      isDone = work.next().done || course.step >= course.goal && course.points.at(-1)?.step === course.step;
    }
    if (isDone) {
      isRunning = false;
      showState();
      show();
    } else {
      // What was measured is shown ten times a second.
      if ((course.points.length !== seen || course.step !== before) && now - drawn > 100) {
        drawn = now;
        show();
      }
      requestAnimationFrame(frame);
    }
  };
  // Goes on for some steps, of which the last is measured.
  const run = (steps) => {
    course.goal = course.step + steps;
    if (!isRunning && !course.isBroken) {
      isRunning = true;
      requestAnimationFrame(frame);
    }
    showState();
  };

  const showSettings = () => {
    const { rate, dropout, hidden } = settings();
    part("rate-value").textContent = rate;
    part("rate").setAttribute("aria-valuetext", String(rate));
    part("dropout-value").textContent = `${Math.round(100 * dropout)}%`;
    part("dropout").setAttribute("aria-valuetext", part("dropout-value").textContent);
    for (const name of ["dropout", "activation"]) part(name).disabled = hidden === 0;
  };
  // A new network, from the same random weights each time.
  const begin = (steps) => {
    showSettings();
    course = new InklingCourse(data, settings());
    work = course.work();
    part("about").textContent = "";
    showUnits();
    run(steps);
  };

  const usual = { rate: "0.01", optimizer: "sgd", dropout: 0, images: facts.trainLabels.length, batch: 32, activation: "relu", hidden: 32 };
  const experiments = {
    overfit: {
      set: { optimizer: "adam", rate: "0.02", images: Math.min(50, facts.trainLabels.length) }, steps: 3000,
      words: "Few images are soon known by heart. Watch the two lines part.",
    },
    high: { set: { rate: "5" }, steps: 300, words: "Steps five hundred times as long as usual." },
    linear: {
      set: { activation: "none" }, steps: 1000,
      words: "Without an activation function the two layers are one linear map, however many units there are.",
    },
  };
  for (const button of figure.querySelectorAll("[data-experiment]")) {
    button.addEventListener("click", () => {
      const { set, steps, words } = experiments[button.dataset.experiment];
      for (const [name, value] of Object.entries({ ...usual, ...set })) {
        part(name).value = name === "rate" ? rates.indexOf(Number(value)) : value;
      }
      begin(steps);
      part("about").textContent = words;
    });
  }
  part("run").addEventListener("click", () => run(isGoing() ? 1 : patience));
  part("step").addEventListener("click", () => run(1));
  part("again").addEventListener("click", () => begin(0));
  for (const name of Object.keys(usual)) {
    // Who is training goes on with the new setting.
    part(name).addEventListener("input", () => begin(isGoing() ? patience : 0));
  }

  // The theme or the room changed: draw again.
  const repaint = () => { if (course.points.length) show(); };
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  addEventListener("resize", repaint);

  part("rate").value = rates.indexOf(Number(usual.rate));
  figure.hidden = false;
  // The worked example that stood in its place is for paper.
  document.getElementById("fig-train-rates")?.classList.add("on-paper");
  begin(0);
});

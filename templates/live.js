// The network, run in the page: forward, and backward to the pixels. Images are channel, row, column.
"use strict";
class InklingNetwork {
  constructor(facts) {
    Object.assign(this, { shape: facts.inputShape, mean: facts.mean, deviation: facts.standardDeviation });
    const bytes = Uint8Array.from(atob(facts.weights), (character) => character.charCodeAt(0));
    let shape = facts.inputShape;
    this.layers = facts.layers.map((layer) => {
      const input = shape;
      shape = layer.shape;
      const own = { ...layer, input };
      if (layer.offset !== undefined) {
        const outputs = layer.shape[0];
        const size = layer.kind === "conv" ? input[0] / layer.groups * layer.kernel ** 2
          : input.reduce((a, b) => a * b, 1);
        const count = outputs * size;
        if (layer.precision === "float16") {
          own.weights = InklingNetwork.halves(bytes.subarray(layer.offset, layer.offset + 2 * count));
        } else {
          const steps = new Int8Array(bytes.buffer, layer.offset, count);
          own.weights = Float32Array.from(steps, (step, i) => step * layer.factors[Math.floor(i / size)]);
        }
      }
      return own;
    });
  }

  static halves(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const result = new Float32Array(bytes.length / 2);
    for (let i = 0; i < result.length; i++) {
      const bits = view.getUint16(2 * i, true);
      const magnitude = (bits & 0x7fff) === 0 ? 0 : 2 ** ((bits >> 10 & 31) - 15) * (1 + (bits & 1023) / 1024);
      result[i] = bits & 0x8000 ? -magnitude : magnitude;
    }
    return result;
  }

  // Numbers as report.json has them: pixels as bytes, or little-endian floats.
  static plane(stored) {
    const text = stored.uint8_base64 ?? stored.float32_base64;
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return stored.uint8_base64 ? Float32Array.from(bytes, (byte) => byte / 255) : new Float32Array(bytes.buffer);
  }

  static probabilities(logits) {
    const largest = Math.max(...logits);
    const powers = Array.from(logits, (x) => Math.exp(x - largest));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((x) => x / sum);
  }

  // What every layer says, the normalised image first.
  run(pixels) {
    const plane = this.shape[1] * this.shape[2];
    let values = Float32Array.from(pixels, (x, i) => {
      const channel = Math.floor(i / plane);
      return (x - this.mean[channel]) / this.deviation[channel];
    });
    const all = [values];
    for (const layer of this.layers) all.push(values = this.forward(layer, values));
    return all;
  }

  forward(layer, x) {
    const activation = InklingNetwork.activations[layer.kind];
    return activation ? x.map((value) => activation.value(value, layer.value)) : this[layer.kind](layer, x);
  }

  backward(layer, slope, x, y) {
    const activation = InklingNetwork.activations[layer.kind];
    return activation ? slope.map((g, i) => g * activation.slope(x[i], y[i], layer.value))
      : this[layer.kind + "Back"](layer, slope, x, y);
  }

  classify(pixels) { return InklingNetwork.probabilities(this.run(pixels).at(-1)); }

  // The gradient of -log p(label) with respect to the pixels.
  gradient(pixels, label) {
    const all = this.run(pixels);
    let slope = Float32Array.from(InklingNetwork.probabilities(all.at(-1)), (p, k) => p - (k === label ? 1 : 0));
    for (let i = this.layers.length - 1; i >= 0; i--) {
      slope = this.backward(this.layers[i], slope, all[i], all[i + 1]);
    }
    const plane = this.shape[1] * this.shape[2];
    return slope.map((x, i) => x / this.deviation[Math.floor(i / plane)]);
  }

  // A window row by row: the layer's margins laid around an image, and taken away.
  static sizes(layer) {
    const [channels, height, width] = layer.input;
    const [outputs, rows, columns] = layer.shape;
    const full = [(rows - 1) * layer.stride + layer.kernel, (columns - 1) * layer.stride + layer.kernel];
    return {
      channels, height, width, outputs, rows, columns,
      high: Math.max(full[0], height + layer.margin), wide: Math.max(full[1], width + layer.margin),
    };
  }

  conv(layer, x) {
    const s = InklingNetwork.sizes(layer), k = layer.kernel, step = layer.stride;
    const depth = s.channels / layer.groups, filters = s.outputs / layer.groups;
    const padded = new Float32Array(s.channels * s.high * s.wide);
    for (let c = 0; c < s.channels; c++) {
      for (let y = 0; y < s.height; y++) {
        padded.set(x.subarray((c * s.height + y) * s.width, (c * s.height + y + 1) * s.width),
          (c * s.high + y + layer.margin) * s.wide + layer.margin);
      }
    }
    const result = new Float32Array(s.outputs * s.rows * s.columns), w = layer.weights;
    for (let o = 0; o < s.outputs; o++) {
      const start = o * s.rows * s.columns;
      result.fill(layer.bias[o], start, start + s.rows * s.columns);
      for (let i = 0; i < depth; i++) {
        const c = Math.floor(o / filters) * depth + i;
        for (let r = 0; r < k; r++) {
          const at = ((o * depth + i) * k + r) * k;
          for (let y = 0; y < s.rows; y++) {
            const row = (c * s.high + y * step + r) * s.wide, target = start + y * s.columns;
            if (k === 3 && step === 1) {
              const a = w[at], b = w[at + 1], d = w[at + 2];
              let p = padded[row], q = padded[row + 1];
              for (let i = 0; i < s.columns; i++) {
                const next = padded[row + i + 2];
                result[target + i] += a * p + b * q + d * next;
                p = q;
                q = next;
              }
            } else {
              for (let i = 0; i < s.columns; i++) {
                let sum = 0;
                for (let t = 0; t < k; t++) sum += w[at + t] * padded[row + i * step + t];
                result[target + i] += sum;
              }
            }
          }
        }
      }
    }
    return result;
  }

  convBack(layer, slope) {
    const s = InklingNetwork.sizes(layer), k = layer.kernel, step = layer.stride, w = layer.weights;
    const depth = s.channels / layer.groups, filters = s.outputs / layer.groups;
    const padded = new Float32Array(s.channels * s.high * s.wide);
    for (let o = 0; o < s.outputs; o++) {
      for (let y = 0; y < s.rows; y++) {
        for (let i = 0; i < s.columns; i++) {
          const g = slope[(o * s.rows + y) * s.columns + i];
          if (g === 0) continue;
          for (let n = 0; n < depth; n++) {
            const c = Math.floor(o / filters) * depth + n;
            for (let r = 0; r < k; r++) {
              const row = (c * s.high + y * step + r) * s.wide + i * step;
              const at = ((o * depth + n) * k + r) * k;
              for (let t = 0; t < k; t++) padded[row + t] += g * w[at + t];
            }
          }
        }
      }
    }
    const result = new Float32Array(s.channels * s.height * s.width);
    for (let c = 0; c < s.channels; c++) {
      for (let y = 0; y < s.height; y++) {
        const row = (c * s.high + y + layer.margin) * s.wide + layer.margin;
        result.set(padded.subarray(row, row + s.width), (c * s.height + y) * s.width);
      }
    }
    return result;
  }

  linear(layer, x) {
    const result = Float32Array.from(layer.bias);
    for (let o = 0; o < result.length; o++) {
      let sum = 0;
      const at = o * x.length;
      for (let i = 0; i < x.length; i++) sum += layer.weights[at + i] * x[i];
      result[o] += sum;
    }
    return result;
  }

  linearBack(layer, slope, x) {
    const result = new Float32Array(x.length);
    for (let o = 0; o < slope.length; o++) {
      if (slope[o] === 0) continue;
      for (let i = 0; i < x.length; i++) result[i] += slope[o] * layer.weights[o * x.length + i];
    }
    return result;
  }

  relu(layer, x) { return x.map((value) => Math.max(0, value)); }
  reluBack(layer, slope, x) { return slope.map((g, i) => x[i] > 0 ? g : 0); }
  flatten(layer, x) { return x; }
  flattenBack(layer, slope) { return slope; }

  scale(layer, x) {
    const size = x.length / layer.factors.length;
    return x.map((value, i) => value * layer.factors[Math.floor(i / size)] + layer.bias[Math.floor(i / size)]);
  }

  scaleBack(layer, slope) {
    const size = slope.length / layer.factors.length;
    return slope.map((g, i) => g * layer.factors[Math.floor(i / size)]);
  }

  // The numbers that a layer or group normalisation takes together, as lists of places.
  static sets(layer, length) {
    const places = Array.from({ length }, (_, i) => i);
    const channels = layer.shape[0], plane = length / channels;
    const set = layer.kind === "groupnorm" ? (i) => Math.floor(i / plane / (channels / layer.groups))
      : layer.shape.length === 3 ? (i) => i % plane : () => 0;
    return Object.values(places.reduce((all, i) => {
      (all[set(i)] ??= []).push(i);
      return all;
    }, {}));
  }

  layernorm(layer, x) {
    const result = new Float32Array(x.length), plane = x.length / layer.factors.length;
    for (const set of InklingNetwork.sets(layer, x.length)) {
      const { mean, deviation } = InklingNetwork.spread(set, x, layer.value);
      for (const i of set) {
        const channel = Math.floor(i / plane);
        result[i] = (x[i] - mean) / deviation * layer.factors[channel] + layer.bias[channel];
      }
    }
    return result;
  }

  layernormBack(layer, slope, x) {
    const result = new Float32Array(x.length), plane = x.length / layer.factors.length;
    for (const set of InklingNetwork.sets(layer, x.length)) {
      const { mean, deviation } = InklingNetwork.spread(set, x, layer.value);
      let sum = 0, products = 0;
      for (const i of set) {
        const g = slope[i] * layer.factors[Math.floor(i / plane)];
        sum += g;
        products += g * (x[i] - mean) / deviation;
      }
      for (const i of set) {
        const g = slope[i] * layer.factors[Math.floor(i / plane)];
        result[i] = (g - sum / set.length - (x[i] - mean) / deviation * products / set.length) / deviation;
      }
    }
    return result;
  }

  groupnorm(layer, x) { return this.layernorm(layer, x); }
  groupnormBack(layer, slope, x) { return this.layernormBack(layer, slope, x); }

  static spread(set, x, epsilon) {
    const mean = set.reduce((sum, i) => sum + x[i], 0) / set.length;
    const variance = set.reduce((sum, i) => sum + (x[i] - mean) ** 2, 0) / set.length;
    return { mean, deviation: Math.sqrt(variance + epsilon) };
  }

  globalavg(layer, x) {
    const plane = x.length / layer.shape[0];
    return Float32Array.from({ length: layer.shape[0] }, (_, c) =>
      x.subarray(c * plane, (c + 1) * plane).reduce((a, b) => a + b, 0) / plane);
  }

  globalavgBack(layer, slope, x) {
    const plane = x.length / layer.shape[0];
    return x.map((_, i) => slope[Math.floor(i / plane)] / plane);
  }

  globalmax(layer, x) {
    const plane = x.length / layer.shape[0];
    return Float32Array.from({ length: layer.shape[0] }, (_, c) =>
      x.subarray(c * plane, (c + 1) * plane).reduce((a, b) => Math.max(a, b)));
  }

  globalmaxBack(layer, slope, x, y) {
    const result = new Float32Array(x.length), plane = x.length / layer.shape[0];
    slope.forEach((g, c) => { result[c * plane + x.subarray(c * plane, (c + 1) * plane).indexOf(y[c])] = g; });
    return result;
  }

  // Calls body(place of the result, places of its window) for every window.
  static windows(layer, body) {
    const [channels, height, width] = layer.input, [, rows, columns] = layer.shape;
    const places = new Int32Array(layer.kernel ** 2);
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < columns; x++) {
          for (let t = 0; t < places.length; t++) {
            const r = Math.floor(t / layer.kernel), s = t % layer.kernel;
            places[t] = (c * height + y * layer.stride + r) * width + x * layer.stride + s;
          }
          body((c * rows + y) * columns + x, places);
        }
      }
    }
  }

  // The normal distribution's share below x, and its density (Abramowitz and Stegun 7.1.26).
  static normal(x) {
    const density = Math.exp(-x * x / 2), t = 1 / (1 + 0.231641888 * Math.abs(x));
    const tail = t * (0.2548296 + t * (-0.28449674 + t * (1.42141374 + t * (-1.45315203 + t * 1.06140543))))
      * density / 2;
    return { share: x < 0 ? tail : 1 - tail, density: density / Math.sqrt(2 * Math.PI) };
  }

  static logistic(x) { return 1 / (1 + Math.exp(-x)); }

  // Functions of each number: the value at x, and the slope where the value is y; `a` is the function's own number.
  static activations = {
    "relu": { value: (x) => Math.max(0, x), slope: (x) => x > 0 ? 1 : 0 },
    "leaky-relu": { value: (x, a) => x > 0 ? x : a * x, slope: (x, y, a) => x > 0 ? 1 : a },
    "elu": { value: (x, a) => x > 0 ? x : a * Math.expm1(x), slope: (x, y, a) => x > 0 ? 1 : y + a },
    "gelu": {
      value: (x) => x * InklingNetwork.normal(x).share,
      slope: (x) => { const { share, density } = InklingNetwork.normal(x); return share + x * density; },
    },
    "silu": {
      value: (x) => x * InklingNetwork.logistic(x),
      slope: (x, y) => { const share = InklingNetwork.logistic(x); return share + y * (1 - share); },
    },
    "tanh": { value: (x) => Math.tanh(x), slope: (x, y) => 1 - y * y },
    "sigmoid": { value: (x) => InklingNetwork.logistic(x), slope: (x, y) => y * (1 - y) },
  };

  maxpool(layer, x) {
    const result = new Float32Array(layer.shape.reduce((a, b) => a * b));
    InklingNetwork.windows(layer, (at, places) => {
      let largest = x[places[0]];
      for (const place of places) if (x[place] > largest) largest = x[place];
      result[at] = largest;
    });
    return result;
  }

  maxpoolBack(layer, slope, x, y) {
    const result = new Float32Array(x.length);
    InklingNetwork.windows(layer, (at, places) => {
      result[places[places.findIndex((place) => x[place] === y[at])]] += slope[at];
    });
    return result;
  }

  avgpool(layer, x) {
    const result = new Float32Array(layer.shape.reduce((a, b) => a * b));
    InklingNetwork.windows(layer, (at, places) => {
      for (const place of places) result[at] += x[place] / places.length;
    });
    return result;
  }

  avgpoolBack(layer, slope, x) {
    const result = new Float32Array(x.length);
    InklingNetwork.windows(layer, (at, places) => {
      for (const place of places) result[place] += slope[at] / places.length;
    });
    return result;
  }
}

// A drawing made into what the network reads, MNIST's way: the ink's box scaled so that its longer side is 20 of
// 28 pixels, its centre of mass put into the middle.
function inklingCentred(ink, side, height, width) {
  const result = new Float32Array(height * width);
  let [top, bottom, left, right] = [side, -1, side, -1];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (ink[y * side + x] < 0.1) continue;
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  if (bottom < 0) return result;
  const factor = Math.max(bottom - top + 1, right - left + 1) / (20 / 28 * Math.min(height, width));
  const high = Math.max(1, Math.round((bottom - top + 1) / factor));
  const wide = Math.max(1, Math.round((right - left + 1) / factor));
  const small = new Float32Array(high * wide);
  let mass = 0, middleY = 0, middleX = 0;
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      // The mean of the part of the drawing under this pixel.
      const from = [top + y * factor, left + x * factor].map(Math.floor);
      const to = [Math.min(side, Math.ceil(top + (y + 1) * factor)), Math.min(side, Math.ceil(left + (x + 1) * factor))];
      let sum = 0;
      for (let v = from[0]; v < to[0]; v++) for (let u = from[1]; u < to[1]; u++) sum += ink[v * side + u];
      const value = sum / ((to[0] - from[0]) * (to[1] - from[1]));
      small[y * wide + x] = value;
      mass += value;
      middleY += value * (y + 0.5);
      middleX += value * (x + 0.5);
    }
  }
  const shiftY = Math.round(height / 2 - middleY / mass), shiftX = Math.round(width / 2 - middleX / mass);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const [v, u] = [y + shiftY, x + shiftX];
      if (v >= 0 && v < height && u >= 0 && u < width) result[v * width + u] = Math.min(1, small[y * wide + x]);
    }
  }
  return result;
}

document.addEventListener("DOMContentLoaded", () => {
  const panel = document.querySelector(".live");
  const facts = globalThis.inklingFacts;
  if (!panel || !facts) return;
  const network = new InklingNetwork(facts);
  const [channels, height, width] = facts.inputShape;
  const part = (name, box = panel) => box.querySelector(`[data-part=${name}]`);
  const pad = part("pad"), side = pad.width, pen = pad.getContext("2d", { willReadFrequently: true });
  const names = JSON.parse(panel.dataset.classes);
  let pixels = new Float32Array(channels * height * width);
  let strokes = [];
  // The example that was loaded, until something is drawn.
  let loaded = null;
  let told = 0;
  const time = document.querySelector("[data-part=time]");

  // Colors of the theme, looked up anew each time it may have changed.
  const color = (name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(--${name})`;
    panel.append(probe);
    const found = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
    probe.remove();
    return found;
  };
  // The colors of a map, at even steps from its lowest number to its highest.
  const stops = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--map-${name}`)
    .trim().split(" ").map((stop) => stop.split(",").map(Number));
  const fill = (canvas, high, wide, at) => {
    canvas.width = wide;
    canvas.height = high;
    const image = new ImageData(wide, high);
    for (let i = 0; i < high * wide; i++) image.data.set(at(i), 4 * i);
    canvas.getContext("2d").putImageData(image, 0, 0);
  };
  // Numbers from zero, or with signs, in the colors of the figures; `largest` is the end of the scale.
  const paint = (canvas, values, high, wide, largest, name) => {
    const colors = stops(name), last = colors.length - 1;
    fill(canvas, high, wide, (i) => {
      const share = values[i] / (largest || 1);
      const place = last * Math.min(1, Math.max(0, name === "signed" ? (share + 1) / 2 : share));
      const from = Math.min(last - 1, Math.floor(place));
      return [0, 1, 2].map((c) => colors[from][c] + (colors[from + 1][c] - colors[from][c]) * (place - from))
        .concat(255);
    });
  };
  const paintPixels = (canvas, image) => {
    const size = height * width;
    const ink = color("ink");
    fill(canvas, height, width, (i) => channels === 3
      ? [0, 1, 2].map((c) => Math.round(255 * image[c * size + i])).concat(255)
      : [...ink, Math.round(255 * Math.min(1, Math.max(0, image[i])))]);
  };
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

  // The maps after the first two convolutions' activation functions, or nothing for a network without them.
  const shown = network.layers.map((layer, index) => ({ layer, index }))
    .filter(({ layer, index }) => layer.kind in InklingNetwork.activations && layer.shape.length === 3
      && index > 0).slice(0, 2);
  const maps = shown.map(({ layer, index }) => {
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
    paintPixels(part("nudged"), other);
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
    paintPixels(part("seen"), pixels);
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
      const largest = values.reduce((a, b) => Math.max(a, b), 0);
      canvases.forEach((canvas, c) => {
        paint(canvas, values.subarray(c * size, (c + 1) * size), layer.shape[1], layer.shape[2], largest, "activation");
      });
    }
    part("why-box").hidden = true;
    nudged();
  };

  const examples = [...facts.examples, ...facts.fragile];
  const example = (index) => InklingNetwork.plane(examples[index].pixels);

  // Drawing.
  const redraw = () => {
    pen.clearRect(0, 0, side, side);
    if (loaded !== null) {
      // The example as it is, each pixel a square.
      const sheet = document.createElement("canvas");
      paintPixels(sheet, pixels);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(sheet, 0, 0, side, side);
    }
    [pen.lineWidth, pen.lineCap, pen.lineJoin] = [side / 14, "round", "round"];
    pen.strokeStyle = `rgb(${color("ink").join(",")})`;
    for (const stroke of strokes) {
      pen.beginPath();
      stroke.forEach(([x, y], i) => { if (i) pen.lineTo(x, y); else pen.moveTo(x, y); });
      if (stroke.length === 1) pen.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
      pen.stroke();
    }
  };
  const read = (isStill) => {
    redraw();
    const image = pen.getImageData(0, 0, side, side).data;
    const ink = new Float32Array(side * side);
    for (let i = 0; i < ink.length; i++) ink[i] = image[4 * i + 3] / 255;
    const plane = inklingCentred(ink, side, height, width);
    pixels = new Float32Array(channels * height * width);
    for (let c = 0; c < channels; c++) pixels.set(plane, c * height * width);
    answer(isStill);
  };
  const place = (event) => {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * side, (event.clientY - box.top) / box.height * side];
  };
  let drawing = false, waiting = false;
  pad.addEventListener("pointerdown", (event) => {
    drawing = true;
    loaded = null;
    pad.setPointerCapture(event.pointerId);
    strokes.push([place(event)]);
    read(false);
    event.preventDefault();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    strokes.at(-1).push(place(event));
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; if (drawing) read(false); });
  });
  for (const name of ["pointerup", "pointercancel"]) {
    pad.addEventListener(name, () => { if (drawing) { drawing = false; read(true); } });
  }
  part("clear").addEventListener("click", () => { [strokes, loaded] = [[], null]; read(true); });
  part("undo").addEventListener("click", () => { if (strokes.length) { strokes.pop(); read(true); } });

  // Examples, for hands without a pen.
  for (const button of panel.querySelectorAll("[data-example]")) {
    button.addEventListener("click", () => {
      [strokes, loaded] = [[], Number(button.dataset.example)];
      pixels = example(loaded);
      redraw();
      answer(true);
    });
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
    paint(part("occlusion"), means, height, width, largest, "signed");
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
    paint(part("change", trial), mean, height, width, 1 / 8, "signed");
    paintPixels(part("after", trial), other);
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
    redraw();
    answer(true);
    if (trial && !trial.hidden) attack();
  };
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

  panel.hidden = false;
  if (panel.dataset.digits === "true") {
    // A 7, so that the page is never empty.
    strokes = [[[0.28, 0.28], [0.72, 0.27], [0.6, 0.5], [0.46, 0.78]].map(([x, y]) => [x * side, y * side])];
    read(true);
  } else if (facts.examples.length) {
    [pixels, loaded] = [example(0), 0];
    redraw();
    answer(true);
  }
});

// What each kind of layer does, forward and backward.
{
  const { kinds } = InklingNetwork;

  // The sizes of a layer of windows: its input, its output, and the input with zeros laid around it.
  const sizes = (layer) => {
    const [channels, height, width] = layer.input;
    const [outputs, rows, columns] = layer.shape;
    const full = [(rows - 1) * layer.stride + layer.kernel, (columns - 1) * layer.stride + layer.kernel];
    return {
      channels, height, width, outputs, rows, columns,
      high: Math.max(full[0], height + layer.margin), wide: Math.max(full[1], width + layer.margin),
    };
  };

  // Calls body(place of the result, places of its window, how many a mean counts) for every window. A window that reaches
  // over the edge has the places that are there; a mean may count those of the margin.
  const windows = (layer, body) => {
    const [channels, height, width] = layer.input, [, rows, columns] = layer.shape;
    const part = (window, size) => {
      const start = window * layer.stride - layer.margin, end = start + layer.kernel;
      return { first: Math.max(0, start), end: Math.min(end, size), counted: Math.min(end, size + layer.margin) - start };
    };
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < rows; y++) {
        const high = part(y, height);
        for (let x = 0; x < columns; x++) {
          const wide = part(x, width), places = [];
          for (let r = high.first; r < high.end; r++) {
            for (let s = wide.first; s < wide.end; s++) places.push((c * height + r) * width + s);
          }
          const counted = layer.countsMargin === false ? places.length : high.counted * wide.counted;
          body((c * rows + y) * columns + x, places, counted);
        }
      }
    }
  };

  const empty = (layer) => new Float32Array(layer.shape.reduce((a, b) => a * b));

  kinds.conv = {
    forward(layer, x) {
      const s = sizes(layer), k = layer.kernel, step = layer.stride;
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
    },

    backward(layer, slope) {
      const s = sizes(layer), k = layer.kernel, step = layer.stride, w = layer.weights;
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
    },
  };

  // Weighted sums of a list, or of each of many lists that stand one behind the other.
  InklingNetwork.affine = (x, weights, bias) => {
    const outputs = bias.length, inner = weights.length / outputs, result = new Float32Array(x.length / inner * outputs);
    for (let at = 0, from = 0; from < x.length; from += inner) {
      for (let o = 0; o < outputs; o++, at++) {
        let sum = bias[o];
        for (let i = 0; i < inner; i++) sum += weights[o * inner + i] * x[from + i];
        result[at] = sum;
      }
    }
    return result;
  };

  InklingNetwork.affineSlope = (slope, weights, outputs) => {
    const inner = weights.length / outputs, result = new Float32Array(slope.length / outputs * inner);
    for (let at = 0, to = 0; at < slope.length; to += inner) {
      for (let o = 0; o < outputs; o++, at++) {
        if (slope[at] === 0) continue;
        for (let i = 0; i < inner; i++) result[to + i] += slope[at] * weights[o * inner + i];
      }
    }
    return result;
  };

  kinds.linear = {
    forward(layer, x) {
      return InklingNetwork.affine(x, layer.weights, layer.bias);
    },

    backward(layer, slope) {
      return InklingNetwork.affineSlope(slope, layer.weights, layer.bias.length);
    },
  };

  kinds.maxpool = {
    forward(layer, x) {
      const result = empty(layer);
      windows(layer, (at, places) => {
        let largest = x[places[0]];
        for (const place of places) if (x[place] > largest) largest = x[place];
        result[at] = largest;
      });
      return result;
    },

    backward(layer, slope, x, y) {
      const result = new Float32Array(x.length);
      windows(layer, (at, places) => {
        result[places[places.findIndex((place) => x[place] === y[at])]] += slope[at];
      });
      return result;
    },
  };

  kinds.avgpool = {
    forward(layer, x) {
      const result = empty(layer);
      windows(layer, (at, places, counted) => {
        for (const place of places) result[at] += x[place] / counted;
      });
      return result;
    },

    backward(layer, slope, x) {
      const result = new Float32Array(x.length);
      windows(layer, (at, places, counted) => {
        for (const place of places) result[place] += slope[at] / counted;
      });
      return result;
    },
  };

  kinds.globalavg = {
    forward(layer, x) {
      const plane = x.length / layer.shape[0];
      return Float32Array.from({ length: layer.shape[0] }, (_, c) =>
        x.subarray(c * plane, (c + 1) * plane).reduce((a, b) => a + b, 0) / plane);
    },

    backward(layer, slope, x) {
      const plane = x.length / layer.shape[0];
      return x.map((_, i) => slope[Math.floor(i / plane)] / plane);
    },
  };

  kinds.globalmax = {
    forward(layer, x) {
      const plane = x.length / layer.shape[0];
      return Float32Array.from({ length: layer.shape[0] }, (_, c) =>
        x.subarray(c * plane, (c + 1) * plane).reduce((a, b) => Math.max(a, b)));
    },

    backward(layer, slope, x, y) {
      const result = new Float32Array(x.length), plane = x.length / layer.shape[0];
      slope.forEach((g, c) => { result[c * plane + x.subarray(c * plane, (c + 1) * plane).indexOf(y[c])] = g; });
      return result;
    },
  };

  // The same numbers in another shape.
  kinds.flatten = { forward: (layer, x) => x, backward: (layer, slope) => slope };

  // The normal distribution's share below x, and its density (Abramowitz and Stegun 7.1.26).
  const normal = (x) => {
    const density = Math.exp(-x * x / 2), t = 1 / (1 + 0.231641888 * Math.abs(x));
    const tail = t * (0.2548296 + t * (-0.28449674 + t * (1.42141374 + t * (-1.45315203 + t * 1.06140543))))
      * density / 2;
    return { share: x < 0 ? tail : 1 - tail, density: density / Math.sqrt(2 * Math.PI) };
  };

  const logistic = (x) => 1 / (1 + Math.exp(-x));

  // Functions of each number: the value at x, and the slope where the value is y; `a` is the function's own number.
  InklingNetwork.activations = {
    "relu": { value: (x) => Math.max(0, x), slope: (x) => x > 0 ? 1 : 0 },
    "leaky-relu": { value: (x, a) => x > 0 ? x : a * x, slope: (x, y, a) => x > 0 ? 1 : a },
    "clipped-relu": { value: (x, a) => Math.min(Math.max(0, x), a), slope: (x, y, a) => x > 0 && x < a ? 1 : 0 },
    "elu": { value: (x, a) => x > 0 ? x : a * Math.expm1(x), slope: (x, y, a) => x > 0 ? 1 : y + a },
    "gelu": {
      value: (x) => x * normal(x).share,
      slope: (x) => { const { share, density } = normal(x); return share + x * density; },
    },
    "silu": {
      value: (x) => x * logistic(x),
      slope: (x, y) => { const share = logistic(x); return share + y * (1 - share); },
    },
    "multiply": { value: (x, a) => a * x, slope: (x, y, a) => a },
    "tanh": { value: (x) => Math.tanh(x), slope: (x, y) => 1 - y * y },
    "sigmoid": { value: (x) => logistic(x), slope: (x, y) => y * (1 - y) },
  };

  for (const [name, { value, slope }] of Object.entries(InklingNetwork.activations)) {
    kinds[name] = {
      forward: (layer, x) => x.map((number) => value(number, layer.value)),
      backward: (layer, slopes, x, y) => slopes.map((g, i) => g * slope(x[i], y[i], layer.value)),
    };
  }

  kinds.scale = {
    forward(layer, x) {
      const size = x.length / layer.factors.length;
      return x.map((value, i) => value * layer.factors[Math.floor(i / size)] + layer.bias[Math.floor(i / size)]);
    },

    backward(layer, slope) {
      const size = slope.length / layer.factors.length;
      return slope.map((g, i) => g * layer.factors[Math.floor(i / size)]);
    },
  };

  // The numbers that a layer or group normalisation takes together, as lists of places.
  const sets = (layer, length) => {
    const places = Array.from({ length }, (_, i) => i);
    const channels = layer.shape[0], plane = length / channels;
    if (layer.shape.length === 2) return Array.from({ length: channels }, (_, t) => places.slice(t * plane, (t + 1) * plane));
    const set = layer.kind === "groupnorm" ? (i) => Math.floor(i / plane / (channels / layer.groups))
      : layer.shape.length === 3 ? (i) => i % plane : () => 0;
    return Object.values(places.reduce((all, i) => {
      (all[set(i)] ??= []).push(i);
      return all;
    }, {}));
  };

  // The factor that belongs to a place.
  const factorOf = (layer, length) => {
    const count = layer.factors.length, plane = length / count;
    return layer.shape.length === 2 ? (i) => i % count : (i) => Math.floor(i / plane);
  };

  const spread = (set, x, epsilon) => {
    const mean = set.reduce((sum, i) => sum + x[i], 0) / set.length;
    const variance = set.reduce((sum, i) => sum + (x[i] - mean) ** 2, 0) / set.length;
    return { mean, deviation: Math.sqrt(variance + epsilon) };
  };

  // The mean and deviation of the numbers that one is normalised among, and how many they are.
  InklingNetwork.normalised = (layer, x, place) => {
    const set = sets(layer, x.length).find((places) => places.includes(place));
    return { ...spread(set, x, layer.value), count: set.length };
  };

  kinds.layernorm = kinds.groupnorm = {
    forward(layer, x) {
      const result = new Float32Array(x.length), factor = factorOf(layer, x.length);
      for (const set of sets(layer, x.length)) {
        const { mean, deviation } = spread(set, x, layer.value);
        for (const i of set) {
          const channel = factor(i);
          result[i] = (x[i] - mean) / deviation * layer.factors[channel] + layer.bias[channel];
        }
      }
      return result;
    },

    backward(layer, slope, x) {
      const result = new Float32Array(x.length), factor = factorOf(layer, x.length);
      for (const set of sets(layer, x.length)) {
        const { mean, deviation } = spread(set, x, layer.value);
        let sum = 0, products = 0;
        for (const i of set) {
          const g = slope[i] * layer.factors[factor(i)];
          sum += g;
          products += g * (x[i] - mean) / deviation;
        }
        for (const i of set) {
          const g = slope[i] * layer.factors[factor(i)];
          result[i] = (g - sum / set.length - (x[i] - mean) / deviation * products / set.length) / deviation;
        }
      }
      return result;
    },
  };

  kinds.add = {
    forward: (layer, ...inputs) => inputs.reduce((sum, x) => sum.map((value, i) => value + x[i])),
    backward: (layer, slope) => slope,
  };

  kinds.concat = {
    forward(layer, ...inputs) {
      const result = empty(layer);
      inputs.forEach((x, k) => result.set(x, layer.starts[k]));
      return result;
    },

    backward: (layer, slope, x, y, k) => slope.subarray(layer.starts[k], layer.starts[k] + x.length),
  };

  // The logarithm of the sum of the logits' powers.
  const spreadOf = (logits) => {
    const largest = Math.max(...logits);
    return largest + Math.log(logits.reduce((sum, z) => sum + Math.exp(z - largest), 0));
  };

  // The logits of the members' mean probability, moved by the mean of their spreads.
  kinds.ensemble = {
    forward(layer, ...inputs) {
      const spreads = inputs.map(spreadOf), mean = spreads.reduce((a, b) => a + b, 0) / spreads.length;
      layer.shift = mean - Math.log(inputs.length);
      return Float32Array.from(inputs[0], (_, k) => spreadOf(inputs.map((z, m) => z[k] - spreads[m])) + layer.shift);
    },

    backward(layer, slope, z, y) {
      const spread = spreadOf(z), share = (k) => Math.exp(z[k] - spread - (y[k] - layer.shift));
      const total = slope.reduce((a, b) => a + b, 0) / layer.inputs.length;
      const rest = total - slope.reduce((sum, g, k) => sum + g * share(k), 0);
      return Float32Array.from(z, (value, k) => slope[k] * share(k) + Math.exp(value - spread) * rest);
    },
  };
}

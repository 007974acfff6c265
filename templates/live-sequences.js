// Layers that make sequences, read them and end them. A sequence's places stand one behind the other.
{
  const { kinds, affine, affineSlope } = InklingNetwork;

  // The input's numbers in other places: `source` gives those of the result.
  const rearrangement = (source) => ({
    forward: (layer, x) => Float32Array.from(layer.source ??= source(layer), (from) => x[from]),
    backward(layer, slope, x) {
      const result = new Float32Array(x.length);
      layer.source.forEach((from, at) => { result[from] += slope[at]; });
      return result;
    },
  });

  const range = (start, count) => Array.from({ length: count }, (_, i) => start + i);

  // Cuts an image into parts of so many rows and columns, each in the order channel, row, column.
  const cut = ([channels, height, width], high, wide) => {
    const source = [];
    for (let y = 0; y < height; y += high) {
      for (let x = 0; x < width; x += wide) {
        for (let c = 0; c < channels; c++) {
          for (let r = 0; r < high; r++) source.push(...range((c * height + y + r) * width + x, wide));
        }
      }
    }
    return source;
  };

  kinds.unflatten = rearrangement((layer) => range(0, layer.shape[0] * layer.shape[1] * layer.shape[2]));
  kinds.sample = rearrangement((layer) => range(0, layer.shape[0]));

  // A map's rows are a multiple of k, so that those of all maps can be counted through.
  kinds.upsample = rearrangement((layer) => {
    const [channels, height, width] = layer.shape, k = layer.kernel;
    return range(0, channels * height * width).map((at) => {
      const row = Math.floor(at / width), column = at % width;
      return Math.floor(row / k) * (width / k) + Math.floor(column / k);
    });
  });

  kinds.rows = rearrangement((layer) => cut(layer.input, 1, layer.input[2]));
  kinds.patches = rearrangement((layer) => cut(layer.input, layer.kernel, layer.kernel));
  kinds.first = rearrangement((layer) => range(0, layer.input[1]));
  kinds.last = rearrangement((layer) => range((layer.input[0] - 1) * layer.input[1], layer.input[1]));

  kinds.mean = {
    forward(layer, x) {
      const [places, width] = layer.input, result = new Float32Array(width);
      x.forEach((value, i) => { result[i % width] += value / places; });
      return result;
    },
    backward: (layer, slope, x) => x.map((_, i) => slope[i % layer.input[1]] / layer.input[0]),
  };

  kinds["class-token"] = {
    forward(layer, x) {
      const result = new Float32Array(layer.bias.length + x.length);
      result.set(layer.bias);
      result.set(x, layer.bias.length);
      return result;
    },
    backward: (layer, slope) => slope.subarray(layer.bias.length),
  };

  kinds.positions = {
    forward: (layer, x) => x.map((value, i) => value + layer.bias[i]),
    backward: (layer, slope) => slope,
  };

  // What each place says to queries, keys and values, how much each head looks from place to place, and the means.
  const attend = (layer, x) => {
    const [places, width] = layer.input, heads = layer.groups, size = width / heads;
    const parts = affine(x, layer.weightsOf[0], layer.bias.slice(0, 3 * width));
    const looks = [], means = new Float32Array(x.length);
    for (let h = 0; h < heads; h++) {
      const at = (place, part) => place * 3 * width + part * width + h * size;
      for (let t = 0; t < places; t++) {
        const scores = range(0, places).map((u) => {
          let sum = 0;
          for (let i = 0; i < size; i++) sum += parts[at(t, 0) + i] * parts[at(u, 1) + i];
          return sum / Math.sqrt(size);
        });
        const look = InklingNetwork.probabilities(scores);
        look.forEach((share, u) => {
          for (let i = 0; i < size; i++) means[t * width + h * size + i] += share * parts[at(u, 2) + i];
        });
        looks.push(look);
      }
    }
    return { parts, looks, means };
  };

  kinds.attention = {
    forward: (layer, x) => affine(attend(layer, x).means, layer.weightsOf[1], layer.bias.slice(3 * layer.input[1])),

    backward(layer, slope, x) {
      const [places, width] = layer.input, heads = layer.groups, size = width / heads;
      const { parts, looks } = attend(layer, x);
      const means = affineSlope(slope, layer.weightsOf[1], width), result = new Float32Array(parts.length);
      for (let h = 0; h < heads; h++) {
        const at = (place, part) => place * 3 * width + part * width + h * size;
        for (let t = 0; t < places; t++) {
          const look = looks[h * places + t], mean = t * width + h * size;
          const shares = look.map((share, u) => {
            let sum = 0;
            for (let i = 0; i < size; i++) {
              sum += means[mean + i] * parts[at(u, 2) + i];
              result[at(u, 2) + i] += share * means[mean + i];
            }
            return sum;
          });
          const level = shares.reduce((sum, value, u) => sum + value * look[u], 0);
          look.forEach((share, u) => {
            const score = share * (shares[u] - level) / Math.sqrt(size);
            for (let i = 0; i < size; i++) {
              result[at(t, 0) + i] += score * parts[at(u, 1) + i];
              result[at(u, 1) + i] += score * parts[at(t, 0) + i];
            }
          });
        }
      }
      return affineSlope(result, layer.weightsOf[0], 3 * width);
    },
  };

  const logistic = (x) => 1 / (1 + Math.exp(-x));

  // A step of each cell: what input and state say to unit `u`'s gates, by the gate, what was before, and what becomes of it;
  // then the slopes of the same from that of the state `d` and of the memory `m`.
  const cells = {
    rnn: {
      step: (a, b) => { const h = Math.tanh(a(0) + b(0)); return { gates: [h], h, m: 0 }; },
      slopes({ h }, before, d) {
        const s = d * (1 - h * h);
        return { input: [s], hidden: [s], h: 0, m: 0 };
      },
    },
    lstm: {
      step(a, b, before) {
        const [i, f, o] = [0, 1, 3].map((gate) => logistic(a(gate) + b(gate))), g = Math.tanh(a(2) + b(2));
        const m = f * before.m + i * g;
        return { gates: [i, f, g, o], h: o * Math.tanh(m), m };
      },
      slopes({ gates: [i, f, g, o], m }, before, d, dm) {
        const t = Math.tanh(m), memory = dm + d * o * (1 - t * t);
        const s = [memory * g * i * (1 - i), memory * before.m * f * (1 - f), memory * i * (1 - g * g), d * t * o * (1 - o)];
        return { input: s, hidden: s, h: 0, m: memory * f };
      },
    },
    gru: {
      step(a, b, before) {
        const r = logistic(a(0) + b(0)), z = logistic(a(1) + b(1)), m = b(2), n = Math.tanh(a(2) + r * m);
        return { gates: [r, z, n], h: n + z * (before.h - n), m };
      },
      slopes({ gates: [r, z, n], m }, before, d) {
        const fresh = d * (1 - z) * (1 - n * n);
        const [reset, update] = [fresh * m * r * (1 - r), d * (before.h - n) * z * (1 - z)];
        return { input: [reset, update, fresh], hidden: [reset, update, fresh * r], h: d * z, m: 0 };
      },
    },
  };

  for (const [name, cell] of Object.entries(cells)) {
    const nothing = { h: 0, m: 0 };

    // Every unit's step at every place.
    const run = (layer, x) => {
      const [places, units] = layer.shape, [, state] = layer.weightsOf, rows = layer.bias.length / 2;
      const input = affine(x, layer.weightsOf[0], layer.bias.slice(0, rows)), all = [];
      for (let t = 0; t < places; t++) {
        const before = all[t - 1] ?? Array(units).fill(nothing);
        const hidden = affine(Float32Array.from(before, (unit) => unit.h), state, layer.bias.slice(rows));
        all.push(before.map((unit, u) =>
          cell.step((gate) => input[t * rows + gate * units + u], (gate) => hidden[gate * units + u], unit)));
      }
      return all;
    };

    kinds[name] = {
      forward: (layer, x) => Float32Array.from(run(layer, x).flat(), (unit) => unit.h),

      backward(layer, slope, x) {
        const all = run(layer, x), [places, units] = layer.shape, rows = layer.bias.length / 2;
        const input = new Float32Array(places * rows);
        let [later, memory] = [new Float32Array(units), new Float32Array(units)];
        for (let t = places - 1; t >= 0; t--) {
          const hidden = new Float32Array(rows), direct = new Float32Array(units);
          for (let u = 0; u < units; u++) {
            const found = cell.slopes(all[t][u], all[t - 1]?.[u] ?? nothing, slope[t * units + u] + later[u], memory[u]);
            found.input.forEach((s, gate) => { input[t * rows + gate * units + u] = s; });
            found.hidden.forEach((s, gate) => { hidden[gate * units + u] = s; });
            direct[u] = found.h;
            memory[u] = found.m;
          }
          later = affineSlope(hidden, layer.weightsOf[1], rows).map((s, u) => s + direct[u]);
        }
        return affineSlope(input, layer.weightsOf[0], rows);
      },
    };
  }
}

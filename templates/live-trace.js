// Where one number of the network comes from: what its layer read, multiplied and added. Values are numbered as in
// live-network.js: 0 is the normalised image, i + 1 what layer i gives.
class InklingTrace {
  constructor(network) { this.network = network; }

  shape(value) { return value === 0 ? this.network.shape : this.network.layers[value - 1].shape; }

  // The value with the same numbers before what only gives them another shape.
  plain(value) {
    while (value > 0 && this.network.layers[value - 1].kind === "flatten") value = this.network.layers[value - 1].inputs[0];
    return value;
  }

  // A number as its map, row and column; of a list the unit alone, of a sequence the feature and, as a row, the place.
  at(value, place) {
    const [, height, width] = this.shape(value);
    if (height === undefined) return { channel: place, row: 0, column: 0 };
    if (width === undefined) return { channel: place % height, row: Math.floor(place / height), column: 0 };
    return {
      channel: Math.floor(place / (height * width)), row: Math.floor(place / width) % height, column: place % width,
    };
  }

  // The window of a place, from its first to its last row and column; it may reach over the edge.
  window(value, place) {
    const layer = this.network.layers[value - 1], { row, column } = this.at(value, place);
    const top = row * layer.stride - layer.margin, left = column * layer.stride - layer.margin;
    return { top, left, bottom: top + layer.kernel - 1, right: left + layer.kernel - 1 };
  }

  // How one number is made. `rule` is "sum" (the products of `parts` and `bias` add up to `result`), "largest" (one of the
  // parts, the `winner`), "function" (of the one part), "same" or "mixture" (the logarithm of the parts' mean product,
  // plus `bias`), "memory" (of all places of a sequence, with no parts to be told).
  step(all, value, place) {
    const layer = this.network.layers[value - 1], result = all[value][place];
    const part = (at, factor = 1, k = 0) => {
      const from = layer.inputs[k], number = all[from][at];
      return { value: from, place: at, number, factor, product: number * factor };
    };
    const step = (rule, parts, more) => ({ layer, value, place, result, rule, parts, bias: 0, ...more });
    const { channel } = this.at(value, place);
    switch (layer.kind) {
    case "conv": return step("sum", this.filtered(layer, value, place, part), { bias: layer.bias[channel] });
    case "linear": {
      const outputs = layer.bias.length, size = layer.weights.length / outputs, unit = place % outputs;
      const first = Math.floor(place / outputs) * size;
      const parts = Array.from({ length: size }, (_, i) => part(first + i, layer.weights[unit * size + i]));
      return step("sum", parts, { bias: layer.bias[unit] });
    }
    case "scale": return step("sum", [part(place, layer.factors[channel])], { bias: layer.bias[channel] });
    case "layernorm": case "groupnorm": {
      const set = InklingNetwork.normalised(layer, all[layer.inputs[0]], place);
      const factor = layer.factors[channel] / set.deviation;
      return step("sum", [part(place, factor)], { bias: layer.bias[channel] - set.mean * factor, set });
    }
    case "maxpool": case "globalmax": {
      const parts = this.pooled(layer, value, place).places.map((at) => part(at));
      return step("largest", parts, { winner: parts.findIndex((one) => one.number === result) });
    }
    case "avgpool": case "globalavg": {
      const { places, counted } = this.pooled(layer, value, place);
      return step("sum", places.map((at) => part(at, 1 / counted)));
    }
    case "add": return step("sum", layer.inputs.map((_, k) => part(place, 1, k)));
    case "concat": {
      const k = layer.starts.findLastIndex((start) => start <= place);
      return step("same", [part(place - layer.starts[k], 1, k)]);
    }
    case "ensemble": {
      const parts = layer.inputs.map((from, k) => {
        const share = InklingNetwork.probabilities(all[from])[place];
        return { ...part(place, 1, k), product: share };
      });
      // What the mean of the members' spreads adds to every class alike.
      return step("mixture", parts, {
        bias: all[value][place] - Math.log(parts.reduce((sum, { product }) => sum + product, 0) / parts.length),
      });
    }
    case "flatten": return step("same", [part(place)]);
    case "unflatten": case "upsample": case "sample": case "rows": case "patches": case "first": case "last":
      return step("same", [part(layer.source[place])]);
    case "mean": {
      const [places, width] = layer.input;
      return step("sum", Array.from({ length: places }, (_, t) => part(t * width + place, 1 / places)));
    }
    case "positions": return step("sum", [part(place)], { bias: layer.bias[place] });
    case "class-token": {
      const first = place - layer.bias.length;
      return first < 0 ? step("sum", [], { bias: layer.bias[place] }) : step("same", [part(first)]);
    }
    case "attention": case "rnn": case "lstm": case "gru": return step("memory", []);
    default: return step("function", [part(place)]);
    }
  }

  // The numbers under a filter with its weights; what lies outside the image is left out.
  filtered(layer, value, place, part) {
    const [channels, height, width] = layer.input, { channel } = this.at(value, place), { top, left } = this.window(value, place);
    const depth = channels / layer.groups, first = Math.floor(channel / (layer.shape[0] / layer.groups)) * depth;
    const parts = [];
    for (let i = 0; i < depth; i++) {
      for (let r = Math.max(0, -top); r < layer.kernel && top + r < height; r++) {
        for (let s = Math.max(0, -left); s < layer.kernel && left + s < width; s++) {
          const weight = layer.weights[((channel * depth + i) * layer.kernel + r) * layer.kernel + s];
          parts.push(part(((first + i) * height + top + r) * width + left + s, weight));
        }
      }
    }
    return parts;
  }

  // The places that a pooling looks at, and how many a mean divides by.
  pooled(layer, value, place) {
    const [, height, width] = layer.input, { channel } = this.at(value, place), start = channel * height * width;
    if (!layer.kernel) return { places: Array.from({ length: height * width }, (_, i) => start + i), counted: height * width };
    const { top, left, bottom, right } = this.window(value, place), places = [];
    for (let r = Math.max(0, top); r <= Math.min(bottom, height - 1); r++) {
      for (let s = Math.max(0, left); s <= Math.min(right, width - 1); s++) places.push(start + r * width + s);
    }
    const counted = (from, to, size) => Math.min(to, size + layer.margin - 1) - from + 1;
    return {
      places,
      counted: layer.countsMargin === false ? places.length : counted(top, bottom, height) * counted(left, right, width),
    };
  }

  // From a number down to the sum of many that it stems from.
  chain(all, value, place) {
    const steps = [];
    while (value > 0) {
      const step = this.step(all, value, place);
      steps.push(step);
      if (step.layer.weights || step.parts.length > 1 && step.rule !== "largest" || step.parts.length === 0) break;
      ({ value, place } = step.parts[step.winner ?? 0]);
    }
    return steps;
  }

  // The parts of a sum by the maps that they stand in, those that add most first; the units of a list stand alone.
  groups(step) {
    const source = this.plain(step.parts[0]?.value ?? 0), groups = new Map();
    for (const part of step.parts) {
      // Branches that meet have maps of the same numbers.
      const { channel } = this.at(source, part.place), key = step.layer.kind === "add" ? part : channel;
      let group = groups.get(key);
      if (!group) groups.set(key, group = { value: this.plain(part.value), channel, parts: [], sum: 0 });
      group.parts.push(part);
      group.sum += part.product;
    }
    return [...groups.values()].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
  }

  // The part of every value that a place can see, by value; 0 is that of the image.
  fields(value, place) {
    const boxes = [], whole = (shape) => ({ top: 0, left: 0, bottom: shape[1] - 1, right: shape[2] - 1 });
    const { row, column } = this.at(value, place);
    boxes[value] = { top: row, left: column, bottom: row, right: column };
    for (let v = value; v > 0; v--) {
      const layer = this.network.layers[v - 1], box = boxes[v];
      if (!box) continue;
      for (const from of layer.inputs) {
        const shape = this.shape(from);
        let seen = box;
        if (shape.length < 3) seen = { top: 0, left: 0, bottom: 0, right: 0 };
        else if (layer.kind === "upsample") {
          const place = (number) => Math.floor(number / layer.kernel);
          seen = { top: place(box.top), left: place(box.left), bottom: place(box.bottom), right: place(box.right) };
        }
        else if (layer.stride) {
          const { stride, margin, kernel } = layer;
          seen = {
            top: box.top * stride - margin, left: box.left * stride - margin,
            bottom: box.bottom * stride - margin + kernel - 1, right: box.right * stride - margin + kernel - 1,
          };
        } else if (layer.shape.length < 3 || layer.kind === "groupnorm") seen = whole(shape);
        if (shape.length === 3) {
          const all = whole(shape);
          seen = {
            top: Math.max(seen.top, 0), left: Math.max(seen.left, 0),
            bottom: Math.min(seen.bottom, all.bottom), right: Math.min(seen.right, all.right),
          };
        }
        const old = boxes[from] ?? seen;
        boxes[from] = {
          top: Math.min(old.top, seen.top), left: Math.min(old.left, seen.left),
          bottom: Math.max(old.bottom, seen.bottom), right: Math.max(old.right, seen.right),
        };
      }
    }
    return boxes;
  }
}

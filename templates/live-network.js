// The network, run in the page: forward, and backward to the pixels. Images are channel, row, column.
"use strict";
class InklingNetwork {
  // What each kind of layer does: `forward(layer, ...inputs)` gives its output, and `backward(layer, slope, x, y, k)` the
  // slope at x, its input number k, from that at its output y. The file of the layers fills it.
  static kinds = {};

  constructor(facts) {
    Object.assign(this, { shape: facts.inputShape, mean: facts.mean, deviation: facts.standardDeviation });
    const bytes = Uint8Array.from(atob(facts.weights), (character) => character.charCodeAt(0));
    const size = (shape) => shape.reduce((a, b) => a * b, 1);
    // Of every value: 0 is the image, i + 1 what layer i gives.
    const shapes = [facts.inputShape];
    this.layers = facts.layers.map((layer, index) => {
      const inputs = layer.inputs ?? [index], input = shapes[inputs[0]];
      shapes.push(layer.shape);
      const own = { ...layer, inputs, input };
      // Where each input begins among the numbers of all.
      own.starts = inputs.map((_, k) => inputs.slice(0, k).reduce((sum, value) => sum + size(shapes[value]), 0));
      if (layer.offset !== undefined) {
        const whole = layer.kind === "conv" ? input[0] / layer.groups * layer.kernel ** 2 : size(input);
        let [at, row] = [layer.offset, 0];
        own.weightsOf = (layer.matrices ?? [[layer.shape[0], whole]]).map(([rows, columns]) => {
          const count = rows * columns, first = at, factors = layer.factors?.slice(row, row += rows);
          if (layer.precision === "float16") {
            return InklingNetwork.halves(bytes.subarray(first, at += 2 * count));
          }
          at += count;
          const steps = new Int8Array(bytes.buffer, first, count);
          return Float32Array.from(steps, (step, i) => step * factors[Math.floor(i / columns)]);
        });
        own.weights = own.weightsOf[0];
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
    const all = [Float32Array.from(pixels, (x, i) => {
      const channel = Math.floor(i / plane);
      return (x - this.mean[channel]) / this.deviation[channel];
    })];
    for (const layer of this.layers) {
      all.push(InklingNetwork.kinds[layer.kind].forward(layer, ...layer.inputs.map((value) => all[value])));
    }
    return all;
  }

  classify(pixels) { return InklingNetwork.probabilities(this.run(pixels).at(-1)); }

  // The gradient of -log p(label) with respect to the pixels.
  gradient(pixels, label) {
    const all = this.run(pixels);
    const slopes = all.map(() => null);
    slopes[all.length - 1] = Float32Array.from(
      InklingNetwork.probabilities(all.at(-1)), (p, k) => p - (k === label ? 1 : 0));
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const layer = this.layers[i], kind = InklingNetwork.kinds[layer.kind];
      layer.inputs.forEach((value, k) => {
        const slope = kind.backward(layer, slopes[i + 1], all[value], all[i + 1], k), sum = slopes[value];
        // What several layers read gets the slopes of all of them.
        slopes[value] = sum ? sum.map((x, at) => x + slope[at]) : slope;
      });
    }
    const plane = this.shape[1] * this.shape[2];
    return slopes[0].map((x, i) => x / this.deviation[Math.floor(i / plane)]);
  }

  // The layers whose maps are worth watching: those of activation functions, or of joints with none behind them, that
  // stand in no branch.
  get watched() {
    const isActivation = (layer) => layer.kind in InklingNetwork.activations;
    return this.layers.map((layer, index) => ({ layer, index })).filter(({ layer, index }) => {
      const later = this.layers.slice(index + 1), value = index + 1;
      const isBent = later.some((other) => other.inputs[0] === value && isActivation(other));
      return layer.shape.length === 3 && index > 0
        && (isActivation(layer) || layer.inputs.length > 1 && !isBent)
        && later.every((other) => other.inputs.every((input) => input >= value));
    });
  }
}

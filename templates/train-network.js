// A small network that learns in the page: its weights, its gradient by backpropagation, and the steps of its optimizers.
"use strict";

// Numbers that follow from a seed alone (Mulberry32).
class InklingDice {
  constructor(seed) { this.state = seed >>> 0; }

  // In [0, 1).
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  }

  // The numbers 0..<count in a random order.
  permutation(count) {
    const order = Array.from({ length: count }, (_, i) => i);
    for (let last = count - 1; last > 0; last--) {
      const other = Math.floor(this.next() * (last + 1));
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }
}

// Linear layers with an activation function and dropout between them; softmax and cross-entropy behind the last.
class InklingLearner {
  // What the hidden units do to their sums, and the slope where they gave `y`.
  static activations = {
    relu: { value: (x) => Math.max(0, x), slope: (y) => y > 0 ? 1 : 0 },
    tanh: { value: Math.tanh, slope: (y) => 1 - y * y },
    none: { value: (x) => x, slope: () => 1 },
  };

  // `hidden` units, or none for 0. Weights are `[outputs, inputs]`, drawn as Inkling draws those of `linear`: evenly from
  // -b to b with b = 1/√inputs, biases too.
  constructor({ inputs, hidden, classes, activation = "relu", seed = 1 }) {
    Object.assign(this, { inputs, hidden, classes, dice: new InklingDice(seed), steps: 0 });
    this.activation = InklingLearner.activations[activation];
    const sizes = hidden ? [inputs, hidden, classes] : [inputs, classes];
    this.layers = sizes.slice(1).map((outputs, index) => {
      const from = sizes[index], bound = 1 / Math.sqrt(from);
      const draw = (count) => new Float32Array(count).map(() => bound * (2 * this.dice.next() - 1));
      return { inputs: from, outputs, weights: draw(outputs * from), bias: draw(outputs) };
    });
    // Of each tensor its gradient, and the optimizer's two moments.
    this.tensors = this.layers.flatMap((layer) => [layer.weights, layer.bias]);
    [this.gradients, this.first, this.second] = [0, 1, 2].map(
      () => this.tensors.map((tensor) => new Float32Array(tensor.length)));
    this.sums = sizes.slice(1).map((size) => new Float32Array(size));
    this.slopes = sizes.slice(1).map((size) => new Float32Array(size));
    this.mask = new Float32Array(hidden).fill(1);
  }

  // The sum of the products of a row of weights and the values that it reads; four at a time, which is twice as fast.
  static product(weights, start, values, count) {
    let a = 0, b = 0, c = 0, d = 0, i = 0, w = start;
    for (; i + 3 < count; i += 4, w += 4) {
      a += weights[w] * values[i];
      b += weights[w + 1] * values[i + 1];
      c += weights[w + 2] * values[i + 2];
      d += weights[w + 3] * values[i + 3];
    }
    for (; i < count; i++, w++) a += weights[w] * values[i];
    return a + b + c + d;
  }

  // Adds values times a number to a row.
  static add(row, start, values, factor, count) {
    for (let i = 0, w = start; i < count; i++, w++) row[w] += factor * values[i];
  }

  // The scores of an image, all units on unless a share `dropout` of the hidden ones is off.
  scores(image, dropout = 0) {
    let values = image;
    this.layers.forEach((layer, index) => {
      const { inputs, outputs, weights, bias } = layer, sums = this.sums[index];
      const isHidden = index < this.layers.length - 1;
      for (let o = 0; o < outputs; o++) {
        const sum = bias[o] + InklingLearner.product(weights, o * inputs, values, inputs);
        // What is left on is louder, so that the sum is the same on average.
        if (isHidden) this.mask[o] = dropout === 0 ? 1 : this.dice.next() < dropout ? 0 : 1 / (1 - dropout);
        sums[o] = isHidden ? this.activation.value(sum) * this.mask[o] : sum;
      }
      values = sums;
    });
    return values;
  }

  // The largest score, and the sum of all powers of e to what a score is below it: e to a score may be no number.
  static powers(scores) {
    let largest = -Infinity, sum = 0;
    for (const score of scores) largest = Math.max(largest, score);
    for (const score of scores) sum += Math.exp(score - largest);
    return [largest, sum];
  }

  // -log p(label), and whether the label has the largest score.
  static judge(scores, label) {
    const [largest, sum] = InklingLearner.powers(scores);
    let isRight = true;
    for (let k = 0; k < scores.length; k++) if (k !== label && scores[k] >= scores[label]) isRight = false;
    return { loss: Math.log(sum) - (scores[label] - largest), isRight };
  }

  // Adds a share of the gradient of an image's loss to the sum; returns the loss.
  accumulate(image, label, share, dropout = 0) {
    const scores = this.scores(image, dropout), last = this.layers.length - 1;
    const [largest, sum] = InklingLearner.powers(scores);
    const loss = Math.log(sum) - (scores[label] - largest);
    for (let k = 0; k < scores.length; k++) {
      this.slopes[last][k] = (Math.exp(scores[k] - largest) / sum - (k === label ? 1 : 0)) * share;
    }
    for (let index = last; index >= 0; index--) {
      const { inputs, outputs, weights } = this.layers[index], slopes = this.slopes[index];
      const values = index ? this.sums[index - 1] : image;
      const [toWeights, toBias] = [this.gradients[2 * index], this.gradients[2 * index + 1]];
      if (index) this.slopes[index - 1].fill(0);
      for (let o = 0; o < outputs; o++) {
        const slope = slopes[o];
        if (slope === 0) continue;
        toBias[o] += slope;
        InklingLearner.add(toWeights, o * inputs, values, slope, inputs);
        if (!index) continue;
        const back = this.slopes[index - 1];
        for (let i = 0, w = o * inputs; i < inputs; i++, w++) back[i] += slope * weights[w];
      }
      if (!index) continue;
      // Back through dropout and the activation function, whose value was scaled by the mask.
      const back = this.slopes[index - 1];
      for (let i = 0; i < inputs; i++) {
        const mask = this.mask[i];
        back[i] = mask === 0 ? 0 : back[i] * mask * this.activation.slope(values[i] / mask);
      }
    }
    return loss;
  }

  // One step of an optimizer, with the formulas and constants of PyTorch and Inkling; the gradient is used up.
  step(optimizer, rate) {
    this.steps += 1;
    const [beta1, beta2, epsilon, momentum] = [0.9, 0.999, 1e-8, 0.9];
    const [mean, square] = [1 - beta1 ** this.steps, 1 - beta2 ** this.steps];
    this.tensors.forEach((tensor, index) => {
      const [gradient, first, second] = [this.gradients[index], this.first[index], this.second[index]];
      if (optimizer === "adam") {
        for (let i = 0; i < tensor.length; i++) {
          first[i] = beta1 * first[i] + (1 - beta1) * gradient[i];
          second[i] = beta2 * second[i] + (1 - beta2) * gradient[i] * gradient[i];
          tensor[i] -= rate * (first[i] / mean) / (Math.sqrt(second[i] / square) + epsilon);
        }
      } else {
        for (let i = 0; i < tensor.length; i++) {
          first[i] = momentum * first[i] + gradient[i];
          tensor[i] -= rate * first[i];
        }
      }
      gradient.fill(0);
    });
  }
}

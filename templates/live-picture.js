// Pictures of one's own and drawings, made into what the network reads by the steps of `inkling predict`.

class InklingPreparation {
  // `form` says what the training images have in common: how ink lies on its ground (`polarity`), the longer side of
  // the box that it was scaled to (`ink_box`), and the brightness behind transparent parts (`paper`).
  constructor({ polarity, paper, ink_box: box }, [channels, height, width]) {
    Object.assign(this, { polarity, paper, box, channels, height, width });
  }

  // The longest side of a picture in which ink is looked for.
  static largestSide = 1024;

  // What a full stroke of ink is to the network.
  get ink() { return this.polarity === "dark-on-light" ? 0 : 1; }

  // Pixels from an `ImageData`, with what was done to them in words.
  picture({ data, width, height }) {
    const { channels, polarity } = this;
    let paper = this.paper;
    const hasAlpha = () => data.some((x, i) => i % 4 === 3 && x < 255);
    // What can only be seen on the other paper was drawn for that.
    if (polarity !== "mixed" && hasAlpha() && InklingPreparation.contrast(this.planes(data, 1, paper)) < 0.05) paper = 1 - paper;
    const isCut = this.box && channels === 1 && (width !== this.width || height !== this.height);
    if (isCut) return this.separated(this.planes(data, 1, paper)[0], height, width);
    const size = this.height * this.width, pixels = new Float32Array(channels * size);
    this.planes(data, channels, paper).forEach((plane, c) => {
      pixels.set(InklingPreparation.resized(plane, height, width, this.height, this.width), c * size);
    });
    const gray = Float32Array.from({ length: size }, (_, i) => {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += pixels[c * size + i];
      return sum / channels;
    });
    const { isLight } = new InklingLook(gray, this.height, this.width);
    const isInverted = { mixed: false, "light-on-dark": isLight === false, "dark-on-light": isLight === true }[polarity];
    return {
      pixels: isInverted ? pixels.map((x) => 1 - x) : pixels, isBlank: isLight === null,
      words: `brought to ${this.height} × ${this.width}, each pixel the mean of what it covers${isInverted ? ", dark and light exchanged" : ""}`,
    };
  }

  // The ink of a large grey picture, without its ground, scaled and centered.
  separated(plane, height, width) {
    const look = new InklingLook(plane, height, width), isLight = look.isLight ?? this.polarity === "light-on-dark";
    const dark = isLight ? plane.map((x) => 1 - x) : plane;
    const isSharp = Math.max(height, width) / (2 * this.box) >= 3;
    const { strength, isBlank } = inklingSeparated(dark, height, width, isSharp);
    return {
      pixels: this.laid(this.centered(strength, height, width)), isBlank: look.isLight === null || isBlank,
      words: `the paper taken away, the ink scaled to ${this.box} pixels and centered`,
    };
  }

  // Strokes of full ink on nothing, `side` by `side`: centered where the training images were, else where they are.
  drawing(ink, side) {
    const { channels, height, width } = this;
    const plane = this.box
      ? this.centered(ink, side, side) : InklingPreparation.resized(ink, side, side, height, width);
    const pixels = new Float32Array(channels * height * width), laid = this.laid(plane);
    for (let c = 0; c < channels; c++) pixels.set(laid, c * height * width);
    return pixels;
  }

  laid(ink) { return this.ink ? ink : ink.map((x) => 1 - x); }

  // The ink scaled so that its longer side fills the box, its centre of mass in the middle.
  centered(strength, height, width) {
    const result = new Float32Array(this.height * this.width), box = InklingLook.box(strength, height, width);
    if (!box) return result;
    const [high, wide] = [box.bottom - box.top + 1, box.right - box.left + 1], cut = new Float32Array(high * wide);
    for (let y = 0; y < high; y++) {
      const row = (box.top + y) * width + box.left;
      cut.set(strength.subarray(row, row + wide), y * wide);
    }
    const scale = this.box / Math.max(high, wide), scaled = (length) => Math.max(1, Math.round(length * scale));
    const [rows, columns] = [scaled(high), scaled(wide)];
    let ink = InklingPreparation.resized(cut, high, wide, rows, columns);
    const strongest = Math.max(1e-6, ink.reduce((a, b) => Math.max(a, b), 0));
    ink = ink.map((x) => Math.min(1, x / strongest));
    const small = InklingLook.box(ink, rows, columns);
    if (!small) return result;
    const [left, top] = [Math.round(this.width / 2 - small.x), Math.round(this.height / 2 - small.y)];
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const [v, u] = [y + top, x + left];
        if (v >= 0 && v < this.height && u >= 0 && u < this.width) result[v * this.width + u] = ink[y * columns + x];
      }
    }
    return result;
  }

  // Red, green and blue, or grey by luminance (Rec. 709), on paper.
  planes(data, channels, paper) {
    const size = data.length / 4, planes = Array.from({ length: channels }, () => new Float32Array(size));
    for (let i = 0; i < size; i++) {
      const alpha = data[4 * i + 3] / 255, ground = paper * (1 - alpha);
      const red = data[4 * i] / 255 * alpha + ground, green = data[4 * i + 1] / 255 * alpha + ground;
      const blue = data[4 * i + 2] / 255 * alpha + ground;
      if (channels === 3) {
        planes[0][i] = red;
        planes[1][i] = green;
        planes[2][i] = blue;
      } else {
        const value = red === green && green === blue ? red : 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        for (let c = 0; c < channels; c++) planes[c][i] = value;
      }
    }
    return planes;
  }

  static contrast([plane]) {
    let low = Infinity, high = -Infinity;
    for (const x of plane) {
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
    return high - low;
  }

  // For each new place the old ones that it averages, with weights that add up to 1; enlarging blends the two nearest.
  static weights(old, size) {
    const scale = old / size;
    return Array.from({ length: size }, (_, place) => {
      if (scale <= 1) {
        const center = Math.min(Math.max((place + 0.5) * scale - 0.5, 0), old - 1), lower = Math.floor(center);
        const share = center - lower;
        return share > 0 && lower + 1 < old ? [[lower, 1 - share], [lower + 1, share]] : [[lower, 1]];
      }
      const [start, end] = [place * scale, (place + 1) * scale], parts = [];
      for (let i = Math.floor(start); i < Math.min(old, Math.ceil(end)); i++) {
        const overlap = Math.min(end, i + 1) - Math.max(start, i);
        if (overlap > 0) parts.push([i, overlap / scale]);
      }
      return parts;
    });
  }

  // A plane in another size.
  static resized(plane, high, wide, newHigh, newWide) {
    const narrow = new Float32Array(high * newWide), result = new Float32Array(newHigh * newWide);
    InklingPreparation.weights(wide, newWide).forEach((parts, x) => {
      for (let y = 0; y < high; y++) {
        for (const [from, weight] of parts) narrow[y * newWide + x] += weight * plane[y * wide + from];
      }
    });
    InklingPreparation.weights(high, newHigh).forEach((parts, y) => {
      for (const [from, weight] of parts) {
        for (let x = 0; x < newWide; x++) result[y * newWide + x] += weight * narrow[from * newWide + x];
      }
    });
    return result;
  }
}

// Where the ink of a grey picture is, and whether it is lighter than its ground.
class InklingLook {
  // `isLight` is null if nothing stands out from the middle of the border's values.
  constructor(plane, high, wide) {
    const edge = [];
    for (let x = 0; x < wide; x++) edge.push(plane[x], plane[(high - 1) * wide + x]);
    for (let y = 0; y < high; y++) edge.push(plane[y * wide], plane[y * wide + wide - 1]);
    const ground = Float32Array.from(edge).sort()[edge.length >> 1], sorted = Float32Array.from(plane).sort();
    const last = sorted.length - 1, rim = Math.floor(last / 200);
    const below = ground - Math.min(sorted[rim], ground), above = Math.max(sorted[last - rim], ground) - ground;
    this.isLight = Math.max(below, above) > 0.05 ? above > below : null;
  }

  // The box of what is not faint, with its centre of mass; null without ink.
  static box(ink, high, wide) {
    const limit = 0.1 * ink.reduce((a, b) => Math.max(a, b), 0);
    let [top, bottom, left, right] = [high, -1, wide, -1];
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        if (!(ink[y * wide + x] > limit)) continue;
        top = Math.min(top, y);
        bottom = y;
        left = Math.min(left, x);
        right = Math.max(right, x);
      }
    }
    if (bottom < 0) return null;
    let [mass, sumX, sumY] = [1e-9, 0, 0];
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const value = ink[y * wide + x];
        mass += value;
        sumX += value * (x + 0.5);
        sumY += value * (y + 0.5);
      }
    }
    return { top, bottom, left, right, x: sumX / mass, y: sumY / mass };
  }
}

// Dark ink told from its ground, which may be shaded, grainy or ruled: the ground is looked for block by block, nearly
// the lightest of each, and blocks full of ink are filled up from their neighbours.
function inklingSeparated(plane, high, wide, isSharp) {
  const least = 0.15, side = Math.max(4, Math.ceil(Math.max(high, wide) / 16));
  const [rows, columns] = [Math.ceil(high / side), Math.ceil(wide / side)], levels = new Float32Array(rows * columns);
  const sorted = (values) => Float32Array.from(values).sort();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const values = [];
      for (let y = row * side; y < Math.min(high, (row + 1) * side); y++) {
        for (let x = column * side; x < Math.min(wide, (column + 1) * side); x++) values.push(plane[y * wide + x]);
      }
      levels[row * columns + column] = sorted(values)[Math.floor((values.length - 1) * 3 / 4)];
    }
  }
  const filled = levels.map((level, place) => {
    const row = Math.floor(place / columns), column = place % columns, near = [];
    for (let y = Math.max(0, row - 2); y <= Math.min(rows - 1, row + 2); y++) {
      for (let x = Math.max(0, column - 2); x <= Math.min(columns - 1, column + 2); x++) near.push(levels[y * columns + x]);
    }
    return Math.max(level, sorted(near)[near.length >> 1]);
  });
  const ground = InklingPreparation.resized(filled, rows, columns, high, wide);
  const ink = plane.map((value, i) => ground[i] > 0 ? Math.max(0, (ground[i] - value) / ground[i]) : 0);
  const order = sorted(ink), last = order.length - 1, strongest = order[last - Math.floor(last / 1000)];
  // Ruled lines: rows and columns that are inked from end to end, and fainter than the ink itself.
  const unruled = (count, place) => {
    const line = sorted(Array.from({ length: count }, (_, i) => ink[place(i)])), median = line[count >> 1];
    if (!(line[Math.floor(count / 20)] > least && median < 0.75 * strongest)) return;
    for (let i = 0; i < count; i++) ink[place(i)] = Math.max(0, ink[place(i)] - median);
  };
  for (let y = 0; y < high; y++) unruled(wide, (x) => y * wide + x);
  for (let x = 0; x < wide; x++) unruled(high, (y) => y * wide + x);
  if (!(strongest > least)) return { strength: new Float32Array(ink.length), isBlank: true };
  const noise = Math.min(least, strongest / 4);
  const fade = isSharp
    ? (x) => Math.min(1, Math.max(0, (x / strongest - 0.4) / 0.25)) : (x) => x < noise ? 0 : Math.min(1, x / strongest);
  return { strength: ink.map(fade), isBlank: false };
}

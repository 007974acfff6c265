// The canvases of the page: pictures in the colors of the figures, and the pad that is drawn on.

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

// Paints images, and numbers in the colors of the figures.
class InklingPainter {
  // Colors are looked up where `box` stands, and kept until the theme changes.
  constructor(box, [channels, height, width]) {
    Object.assign(this, { box, channels, height, width });
    this.forget();
  }

  // The theme has changed.
  forget() { Object.assign(this, { colors: {}, palettes: {} }); }

  color(name) {
    if (!this.colors[name]) {
      const probe = document.createElement("span");
      probe.style.color = `var(--${name})`;
      this.box.append(probe);
      this.colors[name] = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
      probe.remove();
    }
    return this.colors[name];
  }

  // 256 colors from the lowest number to the highest, each as the four bytes of a pixel.
  palette(name) {
    if (!this.palettes[name]) {
      const stops = getComputedStyle(document.documentElement).getPropertyValue(`--map-${name}`)
        .trim().split(" ").map((stop) => stop.split(",").map(Number));
      const bytes = new Uint8ClampedArray(1024);
      for (let i = 0; i < 256; i++) {
        const place = i / 255 * (stops.length - 1), from = Math.min(stops.length - 2, Math.floor(place));
        for (let c = 0; c < 3; c++) bytes[4 * i + c] = stops[from][c] + (stops[from + 1][c] - stops[from][c]) * (place - from);
        bytes[4 * i + 3] = 255;
      }
      this.palettes[name] = new Uint32Array(bytes.buffer);
    }
    return this.palettes[name];
  }

  // What gives the place of a number in a palette; `largest` is the end of the scale.
  static shades(largest, isSigned) {
    const factor = (isSigned ? 127.5 : 255) / (largest || 1), start = isSigned ? 128 : 0.5;
    return (value) => {
      const place = value * factor + start;
      return place < 0 ? 0 : place > 255 ? 255 : place | 0;
    };
  }

  // An image of pixels that `write` fills in, given as whole numbers of four bytes.
  fill(canvas, high, wide, write) {
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    const image = new ImageData(wide, high);
    write(new Uint32Array(image.data.buffer), image.data);
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  // Numbers from zero, or with signs, as a map; `largest` is the end of the scale.
  numbers(canvas, values, high, wide, largest, name) {
    const colors = this.palette(name), shade = InklingPainter.shades(largest, name === "signed");
    this.fill(canvas, high, wide, (cells) => {
      for (let i = 0; i < cells.length; i++) cells[i] = colors[shade(values[i])];
    });
  }

  // Many maps in one canvas, row by row with a hairline round each; see InklingStrip for the grid.
  strip(canvas, values, { count, high, wide, columns, scale, gap }, largest, name) {
    const colors = this.palette(name), shade = InklingPainter.shades(largest, name === "signed"), [r, g, b] = this.color("rule");
    const frame = new Uint32Array(new Uint8ClampedArray([r, g, b, 255]).buffer)[0];
    const [boxWide, boxHigh] = [wide * scale + 2, high * scale + 2];
    const [fullWide, fullHigh] = [
      columns * (boxWide + gap) - gap, Math.ceil(count / columns) * (boxHigh + gap) - gap,
    ];
    this.fill(canvas, fullHigh, fullWide, (cells) => {
      for (let c = 0; c < count; c++) {
        const start = Math.floor(c / columns) * (boxHigh + gap) * fullWide + c % columns * (boxWide + gap);
        for (let y = 0; y < boxHigh; y++) cells.fill(frame, start + y * fullWide, start + y * fullWide + boxWide);
        for (let y = 0; y < high; y++) {
          const row = start + (y * scale + 1) * fullWide + 1;
          for (let x = 0; x < wide; x++) {
            const color = colors[shade(values[(c * high + y) * wide + x])];
            for (let s = 0; s < scale; s++) cells[row + x * scale + s] = color;
          }
          for (let s = 1; s < scale; s++) cells.copyWithin(row + s * fullWide, row, row + wide * scale);
        }
      }
    });
  }

  image(canvas, pixels) {
    const size = this.height * this.width, ink = this.color("ink");
    this.fill(canvas, this.height, this.width, (_, bytes) => {
      for (let i = 0; i < size; i++) {
        for (let c = 0; c < 3; c++) bytes[4 * i + c] = this.channels === 3 ? 255 * pixels[c * size + i] : ink[c];
        bytes[4 * i + 3] = this.channels === 3 ? 255 : 255 * pixels[i];
      }
    });
  }
}

// The pad: what the hand draws on it, or on an example that was loaded.
class InklingPad {
  // Calls `changed(isStill)` while the hand draws, and when it rests.
  constructor(canvas, painter, changed) {
    Object.assign(this, { canvas, painter, side: canvas.width, strokes: [], example: null });
    this.pen = canvas.getContext("2d", { willReadFrequently: true });
    // In colors a stroke is full light on none, as the network gets it; ink is the page's.
    this.isColor = painter.channels === 3;
    if (this.isColor) canvas.style.background = "#000";
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width * this.side, (event.clientY - box.top) / box.height * this.side];
    };
    let drawing = false, waiting = false;
    canvas.addEventListener("pointerdown", (event) => {
      drawing = true;
      canvas.setPointerCapture(event.pointerId);
      this.strokes.push([place(event)]);
      changed(false);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      this.strokes.at(-1).push(place(event));
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; if (drawing) changed(false); });
    });
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, () => { if (drawing) { drawing = false; changed(true); } });
    }
  }

  // Shows the pixels of an example, or none, in place of what was drawn; strokes then go on top.
  show(example) {
    [this.strokes, this.example] = [[], example];
    this.redraw();
  }

  redraw() {
    const { pen, side } = this;
    pen.clearRect(0, 0, side, side);
    if (this.example) {
      // The example as it is, each pixel a square.
      const sheet = document.createElement("canvas");
      this.painter.image(sheet, this.example);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(sheet, 0, 0, side, side);
    }
    this.stroke(pen);
  }

  stroke(pen) {
    [pen.lineWidth, pen.lineCap, pen.lineJoin] = [this.side / 14, "round", "round"];
    pen.strokeStyle = this.isColor ? "#fff" : `rgb(${this.painter.color("ink").join(",")})`;
    for (const stroke of this.strokes) {
      pen.beginPath();
      stroke.forEach(([x, y], i) => { if (i) pen.lineTo(x, y); else pen.moveTo(x, y); });
      if (stroke.length === 1) pen.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
      pen.stroke();
    }
  }

  // What was drawn, as pixels for the network: scaled and centred, or where it stands on an example.
  read() {
    this.redraw();
    const { channels, height, width } = this.painter, { side } = this;
    const plane = this.example ? this.inkOn(height, width) : inklingCentred(this.inkOf(this.pen, side, side), side, height, width);
    const pixels = new Float32Array(channels * height * width);
    for (let c = 0; c < channels; c++) pixels.set(plane, c * height * width);
    return this.example ? pixels.map((x, i) => Math.max(x, this.example[i])) : pixels;
  }

  inkOf(pen, high, wide) {
    const image = pen.getImageData(0, 0, wide, high).data;
    const ink = new Float32Array(high * wide);
    for (let i = 0; i < ink.length; i++) ink[i] = image[4 * i + 3] / 255;
    return ink;
  }

  // The strokes alone, in the pixels of an example.
  inkOn(height, width) {
    this.sheet ??= Object.assign(document.createElement("canvas"), { width, height });
    const pen = this.sheet.getContext("2d", { willReadFrequently: true });
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.scale(width / this.side, height / this.side);
    this.stroke(pen);
    return this.inkOf(pen, height, width);
  }
}

// The maps of one layer as a picture in which a cursor moves: by mouse, touch, or keys. The units of a list are maps of
// one number.
class InklingStrip {
  // Maps of one layer that are shown at most.
  static most = 128;

  // `picked(strip, place, how)` is told of a number that is pointed at: how is "seen", "moved" (by a key), "held" or "let go".
  constructor({ value, layer, painter, room, picked, isLast = false }) {
    const [channels, high = 1, wide = 1] = layer.shape;
    Object.assign(this, { value, layer, painter, picked, place: 0, largest: 0 });
    this.name = InklingStrip.colors(layer);
    this.grid = { count: Math.min(InklingStrip.most, channels), high, wide, gap: 4 };
    this.box = document.createElement("div");
    this.title = document.createElement("h3");
    this.title.className = "note-title";
    const shown = this.grid.count < channels ? `, ${this.grid.count} shown` : "";
    this.title.textContent = layer.shape.length === 3
      ? `${layer.name}: ${channels} ${channels === 1 ? "map" : "maps"} of ${high} × ${wide}${shown}`
      : isLast ? `${layer.name}: the ${channels} scores${shown}` : `${layer.name}: ${channels} numbers${shown}`;
    this.frame = document.createElement("div");
    this.frame.className = "maps";
    this.frame.tabIndex = 0;
    this.frame.setAttribute("role", "application");
    this.frame.setAttribute("aria-label", `${this.title.textContent}. Arrow keys move from number to number, page up and page `
      + "down from map to map, Enter holds a number, Escape lets it go.");
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.frame.append(this.canvas);
    this.box.append(this.title, this.frame);
    this.fit(room);
    this.listen();
  }

  // What is never far below zero needs one half of the colors only.
  static colors(layer) {
    return layer.kind in InklingNetwork.activations && !["tanh", "multiply"].includes(layer.kind) ? "activation" : "signed";
  }

  // As large as fits the room, if that is not too high.
  fit(room) {
    const { count, high, wide, gap } = this.grid, largest = Math.max(1, Math.floor((wide === 1 ? 16 : 84) / Math.max(high, wide)));
    for (let scale = largest; scale >= 1; scale--) {
      const columns = Math.max(1, Math.min(count, Math.floor((room + gap) / (wide * scale + 2 + gap))));
      Object.assign(this.grid, { scale, columns });
      if (Math.ceil(count / columns) * (high * scale + 2 + gap) <= 270) return;
    }
  }

  draw(values) {
    // Results of earlier versions have no scale: then the largest number that was met.
    this.largest = this.layer.scale ?? values.reduce((a, b) => Math.max(a, Math.abs(b)), this.largest);
    this.values = values;
    this.painter.strip(this.canvas, values, this.grid, this.largest, this.name);
  }

  // Frames round parts of maps, each { channel, top, left, bottom, right, style }.
  mark(boxes) {
    const { count, high, wide, columns, scale, gap } = this.grid;
    const old = [...this.frame.querySelectorAll("i")];
    boxes = boxes.filter(({ channel }) => channel < count);
    for (const mark of old.splice(boxes.length)) mark.remove();
    boxes.forEach(({ channel, top, left, bottom, right, style }, i) => {
      const mark = old[i] ?? document.createElement("i");
      if (!old[i]) this.frame.append(mark);
      const x = channel % columns * (wide * scale + 2 + gap) + 1, y = Math.floor(channel / columns) * (high * scale + 2 + gap) + 1;
      const [t, l] = [Math.max(0, top), Math.max(0, left)];
      mark.className = style;
      mark.style.cssText = `left:${x + l * scale}px;top:${y + t * scale}px;width:${(Math.min(wide - 1, right) - l + 1) * scale}px;`
        + `height:${(Math.min(high - 1, bottom) - t + 1) * scale}px`;
    });
  }

  // The number under a point of the page; null between maps.
  placeAt(event) {
    const { count, high, wide, columns, scale, gap } = this.grid, box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const [column, row] = [Math.floor(x / (wide * scale + 2 + gap)), Math.floor(y / (high * scale + 2 + gap))];
    const channel = row * columns + column;
    const u = Math.floor((x - column * (wide * scale + 2 + gap) - 1) / scale);
    const v = Math.floor((y - row * (high * scale + 2 + gap) - 1) / scale);
    const isThere = x >= 0 && y >= 0 && column < columns && channel < count && u >= 0 && u < wide && v >= 0 && v < high;
    return isThere ? (channel * high + v) * wide + u : null;
  }

  listen() {
    const tell = (place, how) => this.picked(this, place, how);
    this.frame.addEventListener("pointermove", (event) => {
      const place = event.pointerType === "touch" ? null : this.placeAt(event);
      if (place !== null) tell(place, "seen");
    });
    this.frame.addEventListener("click", (event) => {
      const place = this.placeAt(event);
      if (place !== null) tell(place, "held");
    });
    this.frame.addEventListener("keydown", (event) => {
      const moved = this.moved(event.key);
      if (moved !== null) tell(moved, "moved");
      else if (event.key === "Enter") tell(this.place, "held");
      else if (event.key === "Escape") tell(this.place, "let go");
      else return;
      event.preventDefault();
    });
  }

  // Where a key leads from the cursor; null for keys that lead nowhere.
  moved(key) {
    const { count, high, wide, columns } = this.grid, plane = high * wide;
    let channel = Math.floor(this.place / plane), row = Math.floor(this.place / wide) % high, column = this.place % wide;
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[key];
    if (step) {
      row += step[0];
      column += step[1];
      // Beyond a map's edge stands the next one.
      const next = channel + (column < 0 ? -1 : column >= wide ? 1 : row < 0 ? -columns : row >= high ? columns : 0);
      if (next < 0 || next >= count) return this.place;
      [channel, row, column] = [next, (row + high) % high, (column + wide) % wide];
    } else if (key === "PageDown") channel = Math.min(count - 1, channel + 1);
    else if (key === "PageUp") channel = Math.max(0, channel - 1);
    else if (key === "Home") channel = 0;
    else if (key === "End") channel = count - 1;
    else return null;
    return channel * plane + row * wide + column;
  }
}

// The plane of two latents: the reader drags a point, and the decoder draws what it stands for.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector(".latents"), facts = globalThis.inklingDecoder;
  if (!box || !facts) return;
  const part = (name) => box.querySelector(`[data-part=${name}]`);
  const network = new InklingNetwork(facts.network), names = JSON.parse(box.dataset.classes);
  const plane = part("plane"), picture = part("picture"), sliders = { x: part("x"), y: part("y") };
  const [channels, height, width] = facts.imageShape, reach = Number(sliders.x.max);
  const point = { x: 0, y: 0 };
  let told = 0;

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // From latents to places of the plane and back.
  const side = () => plane.clientWidth;
  const place = ({ x, y }) => [(x + reach) / (2 * reach) * side(), (reach - y) / (2 * reach) * side()];

  // What stays while the point moves: the colors, and the marks of the test images, painted once for a theme and a size.
  let colors = {}, marks = null;
  const prepare = () => {
    const probe = document.createElement("span");
    probe.style.color = "var(--ink)";
    box.append(probe);
    colors = { bytes: getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number), ink: color("--ink"), page: color("--bg") };
    probe.remove();
    const density = devicePixelRatio || 1, full = Math.round(side() * density);
    marks = null;
    if (!full) return;
    plane.width = plane.height = full;
    marks = Object.assign(document.createElement("canvas"), { width: full, height: full });
    const context = marks.getContext("2d");
    context.scale(density, density);
    const [middle] = place({ x: 0, y: 0 });
    context.strokeStyle = color("--rule");
    context.beginPath();
    for (const [x, y, v, u] of [[middle, 0, middle, side()], [0, middle, side(), middle]]) {
      context.moveTo(x, y);
      context.lineTo(v, u);
    }
    context.stroke();
    context.font = "11px system-ui, sans-serif";
    [context.textAlign, context.textBaseline] = ["center", "middle"];
    const inks = Array.from({ length: 10 }, (_, index) => color(`--c${index}`));
    const areNames = names.every((name) => name.length <= 2);
    for (const [x, y, label] of facts.points) {
      const [left, top] = place({ x, y });
      context.fillStyle = inks[label % 10];
      if (areNames) context.fillText(names[label], left, top);
      else context.fillRect(left - 1.5, top - 1.5, 3, 3);
    }
  };

  // As the figures show pixels: ink on the page, or colors.
  const drawPicture = () => {
    const logits = network.run(Float32Array.of(point.x, point.y)).at(-1);
    const image = new ImageData(width, height), size = width * height;
    for (let i = 0; i < size; i++) {
      const value = (channel) => 255 / (1 + Math.exp(-logits[channel * size + i]));
      image.data.set(channels === 3 ? [value(0), value(1), value(2), 255] : [...colors.bytes, value(0)], 4 * i);
    }
    picture.getContext("2d").putImageData(image, 0, 0);
  };

  const drawPlane = () => {
    if (!marks) return;
    const context = plane.getContext("2d"), density = devicePixelRatio || 1;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, plane.width, plane.height);
    context.drawImage(marks, 0, 0);
    context.scale(density, density);
    const [left, top] = place(point);
    for (const [style, line] of [[colors.page, 6], [colors.ink, 2.5]]) {
      [context.strokeStyle, context.lineWidth] = [style, line];
      context.beginPath();
      context.arc(left, top, 9, 0, 2 * Math.PI);
      context.stroke();
    }
  };

  // Which test images lie nearby: said only once the point rests.
  const nearby = () => {
    const near = facts.points.map(([x, y, label]) => [(x - point.x) ** 2 + (y - point.y) ** 2, label])
      .sort((a, b) => a[0] - b[0]).slice(0, 10);
    if (!near.length) return "";
    const counts = new Map();
    for (const [, label] of near) counts.set(label, (counts.get(label) ?? 0) + 1);
    const [label, count] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
    return `Of the ${near.length} test images that lie nearest ${count} ${count === 1 ? "is" : "are"} of class ${names[label]}.`;
  };

  let isWaiting = false;
  const show = () => {
    isWaiting = false;
    drawPicture();
    drawPlane();
  };
  const go = (x, y) => {
    const bounded = (value) => Math.min(reach, Math.max(-reach, value));
    [point.x, point.y] = [bounded(x), bounded(y)];
    for (const [name, slider] of Object.entries(sliders)) {
      slider.value = point[name];
      part(`${name}-value`).textContent = point[name].toFixed(2).replace("-", "−");
    }
    if (!isWaiting) {
      isWaiting = true;
      requestAnimationFrame(show);
    }
    clearTimeout(told);
    told = setTimeout(() => { part("nearby").textContent = nearby(); }, 300);
  };

  const follow = (event) => {
    const frame = plane.getBoundingClientRect();
    go((event.clientX - frame.left) / frame.width * 2 * reach - reach, reach - (event.clientY - frame.top) / frame.height * 2 * reach);
  };
  plane.addEventListener("pointerdown", (event) => {
    plane.setPointerCapture(event.pointerId);
    follow(event);
  });
  plane.addEventListener("pointermove", (event) => { if (plane.hasPointerCapture(event.pointerId)) follow(event); });
  plane.addEventListener("keydown", (event) => {
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    const step = event.shiftKey ? 0.5 : 0.1;
    go(point.x + step * way[0], point.y + step * way[1]);
  });
  for (const slider of Object.values(sliders)) {
    slider.addEventListener("input", () => go(Number(sliders.x.value), Number(sliders.y.value)));
  }
  // In other colors, or of another size.
  const renew = () => {
    prepare();
    show();
  };
  new MutationObserver(renew).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", renew);
  addEventListener("resize", renew);
  box.hidden = false;
  prepare();
  go(0, 0);
});

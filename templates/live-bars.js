// One bar a class in a box, of many classes those of the likeliest. Returns what shows probabilities in them; the answer's bar
// has the class `style`.
function inklingBars(box, names) {
  const most = 10, isRanked = names.length > 2 * most;
  const rows = Array.from({ length: isRanked ? most : names.length }, () => {
    const row = document.createElement("div");
    row.className = "mini";
    const [label, fill, number] = ["i", "s", "em"].map((tag) => document.createElement(tag));
    row.append(label, fill, number);
    box.append(row);
    return { label, fill, number };
  });
  return (odds, best, style) => {
    const order = Array.from(odds, (_, k) => k);
    if (isRanked) order.sort((a, b) => odds[b] - odds[a]);
    rows.forEach(({ label, fill, number }, place) => {
      const k = order[place];
      label.textContent = names[k];
      fill.style.setProperty("--v", odds[k]);
      fill.className = k === best ? style : "";
      number.textContent = InklingFollow.percent(odds[k]);
    });
  };
}

// One bar a class in a box. Returns what shows probabilities in them; the answer's bar has the class `style`.
function inklingBars(box, names) {
  const rows = names.map((name) => {
    const row = document.createElement("div");
    row.className = "mini";
    const [label, fill, number] = ["i", "s", "em"].map((tag) => document.createElement(tag));
    label.textContent = name;
    row.append(label, fill, number);
    box.append(row);
    return { fill, number };
  });
  return (odds, best, style) => rows.forEach(({ fill, number }, k) => {
    fill.style.setProperty("--v", odds[k]);
    fill.className = k === best ? style : "";
    number.textContent = InklingFollow.percent(odds[k]);
  });
}

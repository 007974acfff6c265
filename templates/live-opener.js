// Opens a picture of the reader's own: chosen, dropped on the page or pasted. It never leaves the page.
// Calls `opened(pixels, isBlank, words)`, unless `turn()`, which counts what is shown, has moved on meanwhile.
function inklingOpener({ panel, part, preparation, opened, turn }) {
  const open = async (file) => {
    const name = file.name || "The picture", before = turn();
    part("opened").textContent = `Reading ${name} …`;
    let words = `${name} is no picture that this browser can read: try a PNG or a JPEG.`;
    try {
      const bitmap = await createImageBitmap(file);
      const { width, height } = bitmap, scale = Math.min(1, InklingPreparation.largestSide / Math.max(width, height));
      const [wide, high] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
      const sheet = Object.assign(document.createElement("canvas"), { width: wide, height: high });
      const pen = sheet.getContext("2d", { willReadFrequently: true });
      pen.imageSmoothingQuality = "high";
      pen.drawImage(bitmap, 0, 0, wide, high);
      bitmap.close();
      const made = preparation.picture(pen.getImageData(0, 0, wide, high));
      words = `${name}, ${width} × ${height}: ${made.isBlank ? "nothing can be seen on it" : made.words}.`;
      if (turn() === before) opened(made.pixels, made.isBlank, words);
    } catch {
      if (turn() === before) part("opened").textContent = words;
    }
  };
  part("open").addEventListener("click", () => part("file").click());
  part("file").addEventListener("change", () => {
    if (part("file").files.length) open(part("file").files[0]);
    // The same file may be chosen again.
    part("file").value = "";
  });
  const hasFile = (event) => event.dataTransfer.types.includes("Files");
  // A picture dropped beside the panel must not take the reader away from the page.
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => { if (hasFile(event)) event.preventDefault(); });
  }
  const marked = (isOver) => panel.classList.toggle("over", isOver);
  panel.addEventListener("dragover", (event) => { if (hasFile(event)) marked(true); });
  panel.addEventListener("dragleave", (event) => { if (!panel.contains(event.relatedTarget)) marked(false); });
  panel.addEventListener("drop", (event) => {
    marked(false);
    if (event.dataTransfer.files.length) open(event.dataTransfer.files[0]);
  });
  document.addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files].find(({ type }) => type.startsWith("image/"));
    if (file && !event.target.closest?.("textarea, input:not([type=range], [type=color], [type=checkbox], [type=radio])")) open(file);
  });
}

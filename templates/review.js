// Which answers to check by hand: the reader moves the confidence, and sees what that costs and finds.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const panel = document.querySelector(".review");
  if (!panel) return;
  const { count, errors, steps } = JSON.parse(panel.dataset.steps), { noun } = panel.dataset;
  const part = (name) => panel.querySelector(`[data-part=${name}]`);
  const whole = (number) => number.toLocaleString("en-US");
  const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 2 : 1)}%`;
  const several = (number, one) => `${whole(number)} ${one}${number === 1 ? "" : "s"}`;
  const slider = part("slider");
  const show = () => {
    const [threshold, checked, caught] = steps[Number(slider.value)], left = errors - caught, trusted = count - checked;
    const sure = `${Number((100 * threshold).toFixed(3))}%`;
    part("threshold").textContent = sure;
    slider.setAttribute("aria-valuetext", sure);
    part("checked").style.setProperty("--v", checked / count);
    part("left").style.setProperty("--v", left / errors);
    part("checked-count").textContent = `${whole(checked)} of ${whole(count)}`;
    part("left-count").textContent = `${whole(left)} of ${whole(errors)}`;
    part("words").textContent = `You check ${several(checked, noun)}, ${percent(checked / count)} of all, and find ${whole(caught)} of `
      + `${several(errors, "error")}. `
      + (trusted === 0 ? "Nothing is left to trust."
        : left === 0 ? `The ${several(trusted, "answer")} that you trust are all right.`
          : `Of the ${several(trusted, "answer")} that you trust ${whole(left)} ${left === 1 ? "is" : "are"} wrong, one in ${whole(Math.round(trusted / left))}.`);
  };
  slider.addEventListener("input", show);
  panel.hidden = false;
  show();
});

// Ticks every contact of the page at once, and says how many are ticked. The rows may be exchanged at any time.
const ticks = () => [...document.querySelectorAll("input.tick[name=ids]")];

const show = () => {
  const form = document.getElementById("bulk");
  if (!form) return;
  const all = document.querySelector("[data-tick-all]");
  const boxes = ticks();
  const ticked = boxes.filter((box) => box.checked).length;
  const status = form.querySelector("[data-ticked]");
  status.textContent = ticked ? status.dataset.ticked.replace("[n]", ticked) : "";
  all.hidden = false;
  all.checked = ticked > 0 && ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
};

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-tick-all]")) for (const each of ticks()) each.checked = box.checked;
  else if (!box.matches("input.tick")) return;
  document.getElementById("bulk").elements["bulk-scope"].value = "chosen";
  show();
});
document.addEventListener("htmx:afterSettle", show);
show();

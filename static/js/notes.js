// Counts the characters of a note as people and the server do, and keeps the keyboard's place when notes come and go.
const NEAR = 20;
const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter(undefined, { granularity: "grapheme" });

const count = (text) => {
  let characters = 0;
  for (const _segment of segmenter.segment(text)) characters += 1;
  return characters;
};

const tell = (field) => {
  const counter = field.closest(".field").querySelector(".note-counter");
  const left = Number(field.dataset.mostCharacters) - count(field.value);
  counter.ariaLive = left <= NEAR ? "polite" : "off";
  counter.hidden = false;
  counter.querySelector("[data-left]").hidden = left < 0;
  counter.querySelector("[data-over]").hidden = left >= 0;
  for (const number of counter.querySelectorAll("b")) number.textContent = Math.abs(left);
};

const tellAll = () => {
  if (segmenter) document.querySelectorAll("textarea[data-most-characters]").forEach(tell);
};

document.addEventListener("input", ({ target }) => {
  if (!target.matches("textarea[data-most-characters]")) return;
  // What was wrong with the text before is not wrong with this one.
  if (target.ariaInvalid) target.closest(".field").querySelector(".errorlist")?.remove();
  target.ariaInvalid = null;
  if (segmenter) tell(target);
});

document.addEventListener("htmx:afterSettle", () => {
  tellAll();
  if (document.activeElement !== document.body) return;
  const notes = document.getElementById("notes");
  (notes?.querySelector("[aria-invalid=true]") ?? notes)?.focus({ preventScroll: true });
});

tellAll();

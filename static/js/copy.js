// Gives the references in the last column of a table a button that copies them, and says so.
const SHOWN_MS = 1500;

const hidden = (text) => {
  const span = document.createElement("span");
  span.className = "visually-hidden";
  span.textContent = ` ${text}`;
  return span;
};

for (const table of document.querySelectorAll("table[data-copy]")) {
  for (const code of table.querySelectorAll("[data-row] > td:last-child > code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.append(table.dataset.copy, hidden(code.textContent));
    code.after(" ", button);
  }
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest(".copy");
  if (!button) return;
  const { copy, copied } = button.closest("[data-copy]").dataset;
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    // Browsers let nobody near the clipboard on a page without https: then it is selected, to be copied by hand.
    getSelection().selectAllChildren(code);
    return;
  }
  button.firstChild.data = copied;
  document.getElementById("announcements").textContent = `${copied}: ${code.textContent}`;
  setTimeout(() => (button.firstChild.data = copy), SHOWN_MS);
});

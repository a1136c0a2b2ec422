// Copies what a button names, and says so on the button and to those who listen.
const SHOWN_MS = 1500;

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const { copied } = button.closest("[data-copied]").dataset;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Browsers let nobody near the clipboard on a page without https: then it is selected, to be copied by hand.
    getSelection().selectAllChildren(button.parentElement.querySelector("code"));
    return;
  }
  const label = button.firstElementChild;
  const before = (button.dataset.label ??= label.textContent);
  label.textContent = copied;
  document.getElementById("announcements").textContent = `${copied}: ${button.dataset.copy}`;
  setTimeout(() => (label.textContent = before), SHOWN_MS);
});

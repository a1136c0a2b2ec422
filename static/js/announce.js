// Reads a polled fragment out only when its words change, not at every poll.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const words = detail.elt.dataset?.announce;
  const region = document.getElementById("announcements");
  if (words && region && region.textContent !== words) region.textContent = words;
});

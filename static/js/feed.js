// The feed: asks for news while somebody looks at it, and puts the Info of an event away where it was opened.
const EVERY_MS = 15_000;

setInterval(() => {
  const news = document.getElementById("feed-news");
  if (news && !document.hidden && !news.childElementCount) htmx.trigger(news, "look");
}, EVERY_MS);

const panelOf = (link) => link.closest(".feed-row").querySelector(".feed-detail");

document.addEventListener("htmx:beforeRequest", (event) => {
  const link = event.target.closest?.(".feed-info");
  if (!link || !panelOf(link).childElementCount) return;
  event.preventDefault();
  panelOf(link).replaceChildren();
  link.ariaExpanded = "false";
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.matches?.(".feed-detail")) target.closest(".feed-row").querySelector(".feed-info").ariaExpanded = "true";
});

// Lets people join pushes with the browser that they are in, and leave. For any site:
//
//   <script src="https://rapport.example/push/join.js" data-token="…" data-worker="/push-worker.js" defer></script>
//   <button data-push="join">Get our news in this browser</button>
//   <button data-push="leave">No more news in this browser</button>
//
// Whatever has data-push-when="ready denied …" is shown in these states only: looking, unsupported, ready, denied,
// joining, joined, stale, failed. Each change of it is also an event “push-state” of the document.
(() => {
  const { src, dataset } = document.currentScript;
  const site = new URL(src).origin;
  const { token, worker } = dataset;
  const supported = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

  const ask = async (path, given) => {
    const post = given && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(given) };
    const response = await fetch(`${site}/push/${path}/`, { credentials: "omit", ...post });
    return response.json();
  };

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

  const registered = () => navigator.serviceWorker.getRegistration(worker);

  const subscribed = async () => (await registered())?.pushManager.getSubscription();

  const enter = (state) => {
    for (const part of document.querySelectorAll("[data-push-when]"))
      part.hidden = !part.dataset.pushWhen.split(" ").includes(state);
    document.dispatchEvent(new CustomEvent("push-state", { detail: state }));
  };

  const ready = () => (Notification.permission === "denied" ? "denied" : "ready");

  const look = async () => {
    if (!supported) return "unsupported";
    const subscription = await subscribed();
    if (!subscription) return ready();
    const { said } = await ask("look", { subscription });
    if (said === "joined") return said;
    return said === "left" ? ready() : "failed";
  };

  const active = async (registration) => {
    const coming = registration.installing ?? registration.waiting;
    if (!registration.active && coming)
      await new Promise((resolve) => coming.addEventListener("statechange", () => coming.state === "activated" && resolve()));
    return registration;
  };

  const subscribe = async () => {
    const { key } = await ask("key");
    const { pushManager } = await active(await navigator.serviceWorker.register(worker));
    const known = await pushManager.getSubscription();
    const theirs = known?.options.applicationServerKey;
    // Of other keys nothing would be taken any more.
    if (known && String(new Uint8Array(theirs)) !== String(bytes(key))) await known.unsubscribe();
    return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  };

  const join = async (wording) => {
    if ((await Notification.requestPermission()) !== "granted") return ready();
    enter("joining");
    const { said } = await ask("join", { token, wording, subscription: await subscribe() });
    return ["joined", "stale"].includes(said) ? said : "failed";
  };

  const leave = async () => {
    const subscription = await subscribed();
    if (subscription) {
      const { said } = await ask("leave", { subscription });
      // The site would go on: the browser keeps what it needs to ask once more.
      if (said !== "left") return "failed";
      await subscription.unsubscribe();
    }
    return ready();
  };

  const doing = async (deed) => enter(await deed().catch(() => "failed"));

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-push]");
    if (button?.dataset.push === "join") doing(() => join(button.textContent.trim()));
    if (button?.dataset.push === "leave") doing(leave);
  });
  doing(look);
})();

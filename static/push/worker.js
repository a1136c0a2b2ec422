// Shows pushes, and tells what becomes of each. A site's own service worker imports it:
// importScripts("https://rapport.example/push/worker.js");

const tell = ({ hook, token }, what) =>
  fetch(hook, {
    method: "POST",
    mode: "no-cors", // nothing is read of the answer, so nobody has to be asked whether it may be
    credentials: "omit",
    keepalive: true,
    body: JSON.stringify({ token, what }),
  }).catch(() => undefined); // without a network nobody can be told, and nothing else depends on it

const read = (data) => {
  try {
    const push = data?.json();
    return push?.title && push?.token && push?.hook ? push : undefined;
  } catch {
    return undefined; // of somebody else's making
  }
};

const show = async (push) => {
  await self.registration.showNotification(push.title, {
    body: push.text,
    icon: push.icon,
    tag: push.tag,
    data: push,
  });
  await tell(push, "delivered");
};

// The link leads by way of the site, which sees the click; a notification without one has nothing else to tell it by.
const follow = async ({ link, ...push }) => {
  if (link) await self.clients.openWindow(link);
  else await tell(push, "clicked");
};

self.addEventListener("push", (event) => {
  const push = read(event.data);
  if (push) event.waitUntil(show(push));
});

self.addEventListener("notificationclick", (event) => {
  const push = event.notification.data;
  if (!push?.hook) return;
  event.notification.close();
  event.waitUntil(follow(push));
});

self.addEventListener("notificationclose", (event) => {
  const push = event.notification.data;
  if (push?.hook) event.waitUntil(tell(push, "dismissed"));
});

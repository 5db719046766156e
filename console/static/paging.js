// Lets this browser be paged: asks for permission only after a click, then hands the subscription's address to the form.
const form = document.getElementById("browser");
const button = document.getElementById("add-browser");

const show = (id) => { document.getElementById(id).hidden = false; };

function readKey(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

async function subscribe() {
  const address = `/static/push-worker.js?lang=${document.documentElement.lang}`;
  const registration = await navigator.serviceWorker.register(address, { scope: "/static/" });
  const options = { userVisibleOnly: true, applicationServerKey: readKey(form.dataset.key) };
  try {
    return await registration.pushManager.subscribe(options);
  } catch (error) {
    // An older key's subscription is in the way: it would never be pushed to again.
    const older = await registration.pushManager.getSubscription();
    if (!older) throw error;
    await older.unsubscribe();
    return registration.pushManager.subscribe(options);
  }
}

async function add() {
  button.disabled = true;
  try {
    if (await Notification.requestPermission() !== "granted") {
      show("browser-denied");
      return;
    }
    form.elements.endpoint.value = (await subscribe()).endpoint;
    form.requestSubmit();
  } catch {
    show("browser-cannot");
  } finally {
    button.disabled = false;
  }
}

if (form) {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
    button.disabled = true;
    show("browser-cannot");
  } else {
    if (Notification.permission === "denied") show("browser-denied");
    button.addEventListener("click", add);
  }
}

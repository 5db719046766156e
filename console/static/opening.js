// Opens the sealed lines of a page, seals the reply before it is sent, and hands older epochs on to other readers.
// Words live in the page's text and nowhere else: no attribute, no storage, no address, no request.
import { readerKey } from "./keys.js";
import { fromBase64, openLine, openWrap, sealReply, toBase64, wrapFor } from "./sealing.js";

const byId = (id) => document.getElementById(id);
const page = () => byId("page-keys").dataset;
const epochs = new Map(); // epoch to a promise of its key pair
const handedOn = new Set();
let opening = 0;
let reader; // a promise: asked for once, and anew for as long as nobody has unlocked

async function myKey() {
  reader ??= readerKey().catch(() => null);
  const key = await reader;
  if (!key) reader = undefined;
  return key;
}

async function unwrap(key, epoch) {
  const { conversation, name, wraps } = page();
  const wrap = JSON.parse(wraps)[epoch];
  if (!wrap) return null;
  if (!epochs.has(epoch)) epochs.set(epoch, openWrap(key, conversation, epoch, name, fromBase64(wrap)));
  try {
    return await epochs.get(epoch);
  } catch (error) {
    epochs.delete(epoch);
    throw error;
  }
}

// ---- lines --------------------------------------------------------------------------------------------------------
// A screen reader says the log's changes when nothing is being opened any more: each line once, whole.
function setBusy(change) {
  opening += change;
  byId("log")?.setAttribute("aria-busy", String(opening > 0));
  if (!opening) document.body.dispatchEvent(new Event("opened"));
}

class SealedText extends HTMLElement {
  connectedCallback() {
    if (!this.dataset.done) this.open();
  }

  async open() {
    setBusy(1);
    try {
      const key = await myKey();
      if (!key) return this.excuse("locked");
      const pair = await unwrap(key, this.dataset.epoch);
      if (!pair) return this.excuse("before");
      this.show(await openLine(pair, page().conversation, this.dataset, fromBase64(this.dataset.sealed)));
    } catch {
      this.excuse("broken");
    } finally {
      setBusy(-1);
    }
  }

  show(words) {
    this.dataset.done = "yes";
    this.removeAttribute("class");
    this.removeAttribute("lang");
    this.textContent = words;
  }

  // Why there are no words; the same excuse is not put there twice, so that it is not said twice.
  excuse(why) {
    if (this.dataset.why === why) return;
    this.dataset.why = why;
    this.className = "unreadable";
    this.textContent = page()[why];
    this.lang = document.documentElement.lang;
    if (why !== "locked") return;
    const href = `/unlock?next=${encodeURIComponent(location.pathname)}`;
    const link = Object.assign(document.createElement("a"), { href, textContent: page().unlock });
    this.append(" ", link);
  }
}
customElements.define("sealed-text", SealedText);

// What was closed may open with the wraps that came since.
document.body.addEventListener("htmx:afterSettle", () => {
  for (const line of document.querySelectorAll("sealed-text[data-why]:not([data-done])")) line.open();
  handOn();
});

// ---- healing ------------------------------------------------------------------------------------------------------
async function handOn() {
  const key = await myKey();
  if (!key) return;
  const { conversation, missing } = page();
  const rows = [];
  for (const [epoch, name, publicKey] of JSON.parse(missing)) {
    const mark = [epoch, name, publicKey].join("|");
    if (handedOn.has(mark)) continue;
    handedOn.add(mark);
    try {
      const { raw } = await unwrap(key, epoch);
      rows.push([epoch, name, toBase64(await wrapFor(raw, fromBase64(publicKey), conversation, epoch, name))]);
    } catch {
      continue; // a key that nothing can be sealed to, or an epoch that does not open here
    }
  }
  if (!rows.length) return;
  await fetch(`/conversations/${conversation}/wraps`, {
    method: "POST",
    headers: JSON.parse(document.body.getAttribute("hx-headers")),
    body: new URLSearchParams({ wraps: JSON.stringify(rows) }),
  }).catch(() => handedOn.clear());
}

// ---- the reply ----------------------------------------------------------------------------------------------------
// The box has no name, so no form ever sends it; what goes out is the hidden field, filled here.
let sealing = false;
document.body.addEventListener("htmx:confirm", async (event) => {
  if (event.target.id !== "reply") return;
  event.preventDefault();
  if (sealing) return;
  const { conversation, name, inboxEpoch, inboxKey, unsealed } = page();
  const field = byId("sealed");
  sealing = true;
  try {
    const inbox = { epoch: inboxEpoch, key: fromBase64(inboxKey) };
    field.value = toBase64(await sealReply(inbox, conversation, name, byId("text").value));
    event.detail.issueRequest(true);
  } catch {
    byId("reply-state").textContent = unsealed;
  } finally {
    field.value = "";
    sealing = false;
  }
});

setBusy(0);
handOn();

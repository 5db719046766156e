"use strict";
// The two handsets. Words reach the page through textContent only; who is holding the phones stays in this tab.

const state = { person: null, offset: 0, last: "sms" };
const phones = new Map();
const byId = (id) => document.getElementById(id);

async function ask(path, body) {
  const init = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, init);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function notice(words) { byId("notice").textContent = words; }

function remember() {
  sessionStorage.setItem("person", JSON.stringify({ person: state.person, offset: state.offset }));
}

async function findPerson() {
  const kept = JSON.parse(sessionStorage.getItem("person") || "null");
  state.person = kept ? kept.person : await ask("/people", {});
  state.offset = kept ? kept.offset : 0;
  remember();
}

function nowHere() { return new Date(Date.now() + state.offset * 1000); }

function spellTime(date) { return date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }); }

function tick() {
  const now = nowHere();
  byId("clock").textContent = spellTime(now);
  byId("clock").dateTime = now.toISOString();
}

const KINDS = { photo: "Photo", voice: "Voice message", video: "Video", sticker: "Sticker", location: "Location", contact: "Contact" };

function wordsOf(message) {
  if (message.deleted) return "Message deleted";
  if (message.kind === "text" || message.kind === "edited") return message.text;
  const name = `[${KINDS[message.kind] || message.kind}]`;
  return message.text ? `${name} ${message.text}` : name;
}

function lineOf(message, time) {
  const bits = [time];
  if (message.side === "carrier") bits.push("from the phone company");
  if (message.side === "texter") {
    if (message.status === "taken") bits.push("received by the hotline");
    else if (message.status) bits.push(message.status === "0" ? "no answer from the hotline" : `refused (${message.status})`);
    else bits.push("sending");
  }
  if (message.side === "hotline") {
    bits.push(message.status || "queued");
    if (message.parts) bits.push(`${message.parts} ${message.parts === 1 ? "part" : "parts"}, ${message.units} units of ${message.encoding}`);
  }
  if (message.provider_copy !== "kept" && !message.deleted) bits.push(`provider's copy ${message.provider_copy}`);
  return bits.join(" · ");
}

function show(channel, message) {
  const phone = phones.get(channel);
  let item = phone.bubbles.get(message.external_id);
  if (!item) {
    item = byId("bubble").content.firstElementChild.cloneNode(true);
    item.dataset.side = message.side;
    item.dataset.time = spellTime(new Date(message.at * 1000 + state.offset * 1000));
    phone.bubbles.set(message.external_id, item);
    phone.list.append(item);
    phone.empty.hidden = true;
  }
  item.toggleAttribute("data-deleted", message.deleted);
  item.querySelector(".words").textContent = wordsOf(message);
  item.querySelector(".line").textContent = lineOf(message, item.dataset.time);
  if (message.buttons) showButtons(phone, message.buttons);
  phone.thread.scrollTop = phone.thread.scrollHeight;
}

function showButtons(phone, rows) {
  phone.keys.replaceChildren(...rows.flat().map((label) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => write(phone.channel, label, "text"));
    return button;
  }));
  phone.keys.hidden = rows.length === 0;
}

async function write(channel, text, kind) {
  state.last = channel;
  try {
    const answer = await ask("/practice/texts", { channel, address: state.person[channel], text, kind });
    notice(answer.status >= 200 && answer.status < 300 ? "" : "The hotline did not take this message. Is it running?");
  } catch {
    notice("This practice phone did not answer. Is it still running?");
  }
}

async function catchUp(channel) {
  const query = new URLSearchParams({ channel, address: state.person[channel], side: "all" });
  const found = await ask(`/practice/messages?${query}`);
  found.messages.forEach((message) => show(channel, message));
}

function listen() {
  const stream = new EventSource(`/practice/events?${new URLSearchParams(state.person)}`);
  stream.addEventListener("ready", () => phones.forEach((_, channel) => catchUp(channel)));
  stream.addEventListener("message", (event) => {
    const { channel, message } = JSON.parse(event.data);
    show(channel, message);
  });
}

async function skip() {
  const offset = state.offset + 45 * 60;
  byId("skip").disabled = true;
  try {
    for (const [channel, address] of Object.entries(state.person)) {
      await ask("/practice/clock", { channel, address, offset_seconds: offset });
    }
    state.offset = offset;
    remember();
    tick();
    notice("45 minutes went by.");
  } catch {
    notice("The clock could not be moved: the hotline's worker did not answer.");
  }
  byId("skip").disabled = false;
}

function renew() {
  sessionStorage.removeItem("person");
  location.reload();
}

function prepare(section) {
  const channel = section.dataset.channel;
  const form = section.querySelector("form");
  phones.set(channel, {
    channel, bubbles: new Map(), list: section.querySelector("ol"), thread: section.querySelector(".thread"),
    empty: section.querySelector(".empty"), keys: section.querySelector(".keys"), input: form.elements.text,
  });
  section.querySelector(".own").textContent = channel === "sms" ? `, from ${state.person.sms}` : `, chat ${state.person.telegram}`;
  form.addEventListener("focusin", () => { state.last = channel; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = form.elements.text.value;
    if (!text.trim()) return;
    form.elements.text.value = "";
    write(channel, text, "text");
  });
  section.querySelector(".photo").addEventListener("click", () => write(channel, "", "photo"));
}

async function begin() {
  await findPerson();
  document.querySelectorAll(".phone").forEach(prepare);
  document.querySelectorAll("[data-try]").forEach((button) => button.addEventListener("click", () => {
    const { input } = phones.get(state.last);
    input.value = button.dataset.try;
    input.focus();
  }));
  byId("skip").addEventListener("click", skip);
  byId("renew").addEventListener("click", renew);
  tick();
  setInterval(tick, 1000);
  listen();
}

begin().catch(() => notice("This practice phone did not answer. Reload the page."));

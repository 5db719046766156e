// What the pages do beyond htmx: clocks, title badge, shortcuts, lock, idle warning, and keeping a failed reply.
// Nothing that a texter or an advocate wrote is put in the browser's storage.
"use strict";

const byId = (id) => document.getElementById(id);
const skew = document.body.dataset.now ? Date.parse(document.body.dataset.now) - Date.now() : 0;
const plainTitle = document.title;
let leaving = false;
// htmx notes the page's path there; what stays is the opened key, sealed (keys.js).
for (const slot of Object.keys(sessionStorage)) if (slot !== "porchlight-key") sessionStorage.removeItem(slot);

// ---- clocks -------------------------------------------------------------------------------------------------------
function showWaits() {
  for (const timer of document.querySelectorAll("[data-since]")) {
    if (!timer.dataset.since) continue;
    const seconds = Math.max(0, Math.floor((Date.now() + skew - Date.parse(timer.dataset.since)) / 1000));
    const pad = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    timer.textContent = (hours ? `${hours}:${pad(minutes)}` : `${minutes}`) + `:${pad(seconds % 60)}`;
  }
}

function showLocalTimes() {
  for (const time of document.querySelectorAll("time[data-clock]")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    delete time.dataset.clock;
  }
  for (const time of document.querySelectorAll("time[data-moment]")) {
    const options = { dateStyle: "short", timeStyle: "short" };
    time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang, options);
    delete time.dataset.moment;
  }
}

// ---- title badge: a count, never content --------------------------------------------------------------------------
function showBadge() {
  const badge = document.querySelector("[data-count]");
  const count = badge ? Number(badge.dataset.count) : 0;
  document.title = count ? `(${count}) ${plainTitle}` : plainTitle;
}

// ---- messages -----------------------------------------------------------------------------------------------------
function isNearEnd(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 120;
}

let follow = true;
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  if (target.id === "messages") follow = isNearEnd(byId("log"));
  if (!("same" in target.dataset)) return;
  // What did not change is not touched: focus stays, and a screen reader does not say it twice.
  if (target.shown === event.detail.xhr.responseText) event.detail.shouldSwap = false;
  else target.shown = event.detail.xhr.responseText;
});

function refresh() {
  showWaits();
  showLocalTimes();
  showBadge();
  const log = byId("log");
  if (log && follow) log.scrollTop = log.scrollHeight;
}
document.body.addEventListener("htmx:afterSettle", refresh);
document.body.addEventListener("opened", refresh); // words make the log longer

// ---- connection and login -----------------------------------------------------------------------------------------
const setHidden = (id, hidden) => { if (byId(id)) byId(id).hidden = hidden; };

function goToLogin() {
  sessionStorage.clear();
  if (typed) return keepWork(true);
  leaving = true;
  document.body.hidden = true;
  location.replace("/login");
}

document.body.addEventListener("htmx:sseOpen", () => setHidden("not-live", true));
document.body.addEventListener("htmx:sseError", async () => {
  setHidden("not-live", false);
  // A stream does not say why it was refused: ask, so that a login that has ended clears the page.
  const answer = await fetch("/waiting/count", { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer && answer.status === 401) goToLogin();
});
document.body.addEventListener("htmx:sseClose", (event) => { if (event.detail.type === "message") goToLogin(); });
document.body.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status === 401) goToLogin(); });
window.addEventListener("pageshow", (event) => { if (event.persisted) { document.body.hidden = true; location.reload(); } });

// ---- idle: a warning two minutes before the server ends the login -------------------------------------------------
const WARN_SECONDS = 120;
let idleTimer = 0;
function restartIdle() {
  setHidden("idle", true);
  clearTimeout(idleTimer);
  const seconds = Number(document.body.dataset.idle) - WARN_SECONDS;
  idleTimer = setTimeout(() => setHidden("idle", false), seconds * 1000);
}
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.elt.matches("#text, #reply, #trial, #idle button")) restartIdle();
});

// ---- reply box ----------------------------------------------------------------------------------------------------
const box = byId("text");
if (box) {
  const state = byId("reply-state");
  const keep = (event) => { if (event.detail.elt.id === "reply") state.textContent = state.dataset.offline; };
  document.body.addEventListener("htmx:sendError", keep);
  document.body.addEventListener("htmx:timeout", keep);
  document.body.addEventListener("replied", () => {
    box.value = "";
    byId("count").textContent = "";
    follow = true;
    box.focus();
  });
  // A second click is for the words that were seen, not for later ones.
  box.addEventListener("input", () => { state.textContent = ""; });
  window.addEventListener("beforeunload", (event) => { if (box.value.trim() && !leaving) event.preventDefault(); });
}

// ---- forms that hold work: it outlives a login that has ended, out of sight until there is one again ---------------
let typed = false;
for (const form of document.querySelectorAll("form[data-work]")) {
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", (event) => { event.preventDefault(); saveWork(form); });
}
window.addEventListener("beforeunload", (event) => { if (typed && !leaving) event.preventDefault(); });

function keepWork(loggedOut) {
  byId("main").hidden = loggedOut;
  byId("kept").hidden = false;
  byId("kept").focus();
}

/** Takes the token of who is logged in now; false, with what was typed kept, if nobody is. */
async function renewToken() {
  const answer = await fetch("/content/token", { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer || !answer.ok) {
    keepWork(Boolean(answer));
    return false;
  }
  const { token } = await answer.json();
  for (const field of document.querySelectorAll("[name=csrf]")) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRF-Token": token }));
  byId("main").hidden = false;
  byId("kept").hidden = true;
  return true;
}

async function saveWork(form) {
  if (leaving) return;
  leaving = true;
  if (await renewToken()) form.submit();
  else leaving = false;
}
document.addEventListener("visibilitychange", () => { if (!document.hidden && !byId("kept").hidden) renewToken(); });
byId("kept").querySelector("button").addEventListener("click", renewToken);

document.addEventListener("click", (event) => {
  const quick = event.target.closest("[data-insert]");
  if (!quick || !box) return;
  box.value = box.value.trim() ? `${box.value.trimEnd()} ${quick.dataset.insert}` : quick.dataset.insert;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
});
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.id !== "reply") leaving = true;
  const { submitter } = event;
  if (event.target.dataset.busy) setTimeout(() => Object.assign(submitter, { disabled: true, textContent: event.target.dataset.busy }));
  if (event.target.matches("[action='/lock'], [action='/logout']")) sessionStorage.clear();
});

// ---- keys (WCAG 2.1.4: single keys can be switched off) -------------------------------------------------------------
const shortcuts = byId("shortcuts");
if (shortcuts) {
  if (localStorage.getItem("shortcuts") === "off") shortcuts.checked = false;
  shortcuts.addEventListener("change", () => localStorage.setItem("shortcuts", shortcuts.checked ? "on" : "off"));
}

let escapedAt = -Infinity;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (event.timeStamp - escapedAt < 1000 && byId("lock")) {
      leaving = true;
      document.body.hidden = true;
      sessionStorage.clear();
      byId("lock").submit();
    }
    escapedAt = event.timeStamp;
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === box) {
    byId("reply").requestSubmit(byId("send"));
  } else if (event.key === "c" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat) {
    if (!shortcuts || !shortcuts.checked || event.target.closest("input, textarea, select")) return;
    const row = event.target.closest(".row");
    const form = (row && row.querySelector("[data-claim]")) || document.querySelector("[data-claim]");
    if (form) { leaving = true; form.requestSubmit(); }
  }
});

// The place in the row of pages is in sight, and so is the box: at once, and when the words have come.
const place = document.querySelector(".places [aria-current]");
if (place) place.parentElement.scrollLeft = place.offsetLeft - place.parentElement.offsetLeft - 16;
const showBox = () => { if (box && scrollY === 0) byId("reply").scrollIntoView({ block: "nearest" }); };
document.body.addEventListener("opened", showBox, { once: true });

refresh();
restartIdle();
setInterval(showWaits, 1000);

// This person's reader key, from login to lock. The opened key lies nowhere whole: this tab's sessionStorage holds it
// sealed, the server's memory holds the half that opens the seal, and either ends with the login.
import {
  buildLock, createRaw, deriveCode, derivePasskey, derivePassword, hex, importPair, openLock, openWith, publicOf, random,
  sealWith, unhex,
} from "./locks.js";

const SLOT = "porchlight-key";
const HALF_CONTEXT = "porchlight/v1/tab";
let csrf = "";

// ---- talking to the server ----------------------------------------------------------------------------------------
function token() {
  if (csrf) return csrf;
  const page = document.querySelector("[data-csrf]");
  return page ? page.dataset.csrf : JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRF-Token"] ?? "";
}

/** {status, ...answer}; a problem "no_connection" when there is none. */
export async function post(path, fields = {}) {
  const body = new URLSearchParams(fields);
  try {
    const answer = await fetch(path, { method: "POST", body, headers: { "X-CSRF-Token": token() } });
    const json = (answer.headers.get("content-type") ?? "").startsWith("application/json");
    const told = json ? await answer.json() : {};
    if (told.csrf) csrf = told.csrf; // a login has begun: its own token from here on
    const problem = answer.ok ? "" : { 403: "no_connection", 429: "too_many" }[answer.status] ?? "no_connection";
    return { problem, ...told, status: answer.status };
  } catch {
    return { status: 0, problem: "no_connection" };
  }
}

export async function readState() {
  const answer = await fetch("/key");
  return answer.ok ? await answer.json() : null;
}

// ---- unlocked in this tab -----------------------------------------------------------------------------------------
/** Keeps the opened key for this login's pages. */
export async function keep(raw) {
  const { half } = await post("/key/half");
  if (!half) return false;
  sessionStorage.setItem(SLOT, hex(await sealWith(unhex(half), raw, HALF_CONTEXT)));
  return true;
}

export function forget() {
  sessionStorage.removeItem(SLOT);
}

async function readRaw() {
  const sealed = sessionStorage.getItem(SLOT);
  if (!sealed) return null;
  const answer = await fetch("/key/half").catch(() => null);
  const half = answer && answer.ok ? (await answer.json()).half : "";
  return half ? openWith(unhex(half), unhex(sealed), HALF_CONTEXT) : null;
}

/** {privateKey, publicKey, raw32Public}, or null when the key is not open in this tab. */
export async function readerKey() {
  const raw = await readRaw();
  return raw && importPair(raw);
}

/** The same, or a way to open it first: the page is left and comes back. */
export async function requireKey() {
  const key = await readerKey();
  if (key === null) location.replace(`/unlock?next=${encodeURIComponent(location.pathname + location.search)}`);
  return key;
}

// ---- making, opening, locking -------------------------------------------------------------------------------------
/** Opens the key with any lock of a kind and keeps it for this tab; false if none opens. */
async function openAny(state, kind, publicHex, deriveKey) {
  for (const lock of state.locks.filter((one) => one.kind === kind)) {
    const raw = await openLock(lock, await deriveKey(lock), publicHex);
    if (raw) return raw;
  }
  return null;
}

export async function openWithPassword(state, wrap) {
  const raw = await openAny(state, "password", state.public, () => wrap);
  return raw !== null && keep(raw);
}

export async function openWithPasskey(state, prf) {
  const raw = await openAny(state, "passkey", state.public, () => derivePasskey(prf));
  return raw !== null && keep(raw);
}

export async function openWithCode(state, code) {
  const raw = await openAny(state, "recovery", state.public, (lock) => deriveCode(code, lock.salt));
  return raw !== null && keep(raw);
}

/** The key from before a reset by its printed code, or null. */
export const openFormer = (state, code) =>
  openAny(state, "recovery", state.former, (lock) => deriveCode(code, lock.salt));

/** Makes this person's first key, or takes ``raw`` as it; another tab that was faster wins. */
export async function makeKey(opener, raw = createRaw()) {
  const publicHex = hex(await publicOf(raw));
  const fields = { public: publicHex, lock: JSON.stringify(await buildLock(opener.kind, opener.key, raw, publicHex, opener.salt)) };
  if (opener.passkey) fields.passkey = opener.passkey;
  const state = await post("/key", fields);
  if (state.status === 409) return openAny(state, opener.kind, state.public, () => opener.key).then((found) => found !== null && keep(found));
  return state.status === 200 && keep(raw);
}

/** Adds a way to open the key: {kind, key, salt?, passkey?}. Returns a problem, "" if there is none. */
export async function addLock(opener) {
  const raw = await readRaw();
  if (raw === null) return "locked";
  const lock = await buildLock(opener.kind, opener.key, raw, hex(await publicOf(raw)), opener.salt);
  const fields = { lock: JSON.stringify(lock) };
  if (opener.passkey) fields.passkey = opener.passkey;
  return (await post("/key/locks", fields)).problem;
}

/** Changes the password and wraps the key anew. Returns a problem, "" if there is none. */
export async function changePassword(state, old, fresh, practice) {
  const fields = { salt: hex(random(16)) };
  if (state.password) fields.old = (await derivePassword(old, state.password.salt, state.password.n, practice)).proof;
  const { proof, wrap } = await derivePassword(fresh, fields.salt, state.cost, practice);
  fields.proof = proof;
  if (state.public) {
    const raw = await readRaw();
    if (raw === null) return "locked";
    fields.lock = JSON.stringify(await buildLock("password", wrap, raw, state.public, fields.salt));
  }
  return (await post("/account/password", fields)).problem;
}

// Joining by an invitation: the token stands behind the # and is taken out of the address at once.
import { derivePasskey, derivePassword, hex, random } from "./locks.js";
import { makeKey, openFormer, post } from "./keys.js";
import { createPasskey } from "./passkey_client.js";
import { busily, show } from "./page_state.js";

const byId = (id) => document.getElementById(id);
const practice = "practice" in byId("join").dataset;
const invitation = location.hash.slice(1);
history.replaceState(null, "", "/join");
sessionStorage.clear();

let cost = 0;
let state = null;
let opener = null;

async function look() {
  const found = await post("/join/open", { invitation });
  byId("busy").textContent = "";
  if (found.status !== 200) return show(found.problem);
  cost = found.cost;
  byId("who").textContent = byId("username").value = found.name;
  for (const item of document.querySelectorAll("[data-role]")) item.hidden = !found.roles.includes(item.dataset.role);
  byId("choose").hidden = false;
  byId("password").focus();
}

async function joinWithPassword() {
  const password = byId("password").value;
  if (password.length < 12) return "too_short";
  if (password !== byId("again").value) return "not_same";
  const salt = hex(random(16));
  const { proof, wrap } = await derivePassword(password, salt, cost, practice);
  opener = { kind: "password", key: wrap, salt };
  state = await post("/join", { invitation, salt, proof });
  return state.status === 200 ? finish() : state.problem;
}

async function joinWithPasskey() {
  const options = await post("/join/passkey/options", { invitation });
  if (!options.challenge) return options.problem;
  const { credential, id, prf } = await createPasskey(options);
  if (prf === null) return "no_prf";
  opener = { kind: "passkey", key: await derivePasskey(prf), passkey: id };
  state = await post("/join/passkey", { invitation, credential });
  return state.status === 200 ? finish() : state.problem;
}

async function finish() {
  if (!state.reader) return leave("/");
  if (!state.former) return makeNew();
  byId("choose").hidden = true;
  byId("return").hidden = false;
  byId("printed").focus();
  return "";
}

async function makeNew() {
  await makeKey(opener);
  return leave("/recovery");
}

async function comeBack() {
  const raw = await openFormer(state, byId("printed").value);
  if (raw === null) return "not_opened";
  await makeKey(opener, raw);
  return leave("/");
}

function leave(page) {
  location.replace(page);
}

const onSubmit = (id, act) => byId(id).addEventListener("submit", (event) => { event.preventDefault(); busily(act); });
onSubmit("choose", joinWithPassword);
onSubmit("return", comeBack);
byId("without").addEventListener("click", () => busily(makeNew));
byId("passkey")?.addEventListener("click", () => busily(joinWithPasskey));
look();

// Getting in: the password becomes a proof here and never leaves; the key is opened, or made, before the first page.
import { derivePasskey, derivePassword } from "./locks.js";
import { makeKey, openWithPasskey, openWithPassword, post } from "./keys.js";
import { signIn } from "./passkey_client.js";
import { busily } from "./page_state.js";

sessionStorage.clear(); // whatever a tab kept of an earlier login

const byId = (id) => document.getElementById(id);
const form = byId("login");
const practice = "practice" in form.dataset;
let derived = null; // between the password and the code of an app

async function logIn() {
  const name = byId("name").value.trim().toLowerCase();
  if (derived?.name !== name || byId("second-step").hidden) {
    const asked = await post("/login/salt", { name });
    if (!asked.salt) return asked.problem;
    derived = { name, salt: asked.salt, ...(await derivePassword(byId("password").value, asked.salt, asked.n, practice)) };
  }
  const state = await post("/login", { name, proof: derived.proof, code: byId("code").value });
  if (state.status !== 200) return showStep(state.problem);
  const first = state.reader && !state.public;
  if (first) await makeKey({ kind: "password", key: derived.wrap, salt: derived.salt });
  else if (state.public && !(await openWithPassword(state, derived.wrap))) return leave("/unlock");
  return leave(first && !practice ? "/recovery" : "/");
}

function showStep(problem) {
  const second = problem === "code_needed" || problem === "wrong_code";
  byId("first-step").hidden = second;
  byId("second-step").hidden = !second;
  byId("code").value = "";
  setTimeout(() => byId(second ? "code" : "password").focus());
  return problem;
}

function leave(page) {
  location.replace(page);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  busily(logIn);
});

byId("passkey")?.addEventListener("click", () => busily(async () => {
  const options = await post("/login/passkey/options");
  if (!options.challenge) return options.problem;
  const { credential, id, prf } = await signIn(options);
  const state = await post("/login/passkey", { credential });
  if (state.status !== 200) return state.problem;
  const first = state.reader && !state.public && prf;
  if (first) await makeKey({ kind: "passkey", key: await derivePasskey(prf), passkey: id });
  else if (state.public && !(prf && (await openWithPasskey(state, prf)))) return leave("/unlock");
  return leave(first ? "/recovery" : "/");
}));

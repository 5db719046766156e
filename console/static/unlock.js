// Opens the key in a tab that does not have it: password, passkey or printed code.
import { derivePassword } from "./locks.js";
import { openWithCode, openWithPasskey, openWithPassword, readState } from "./keys.js";
import { askPrf } from "./passkey_client.js";
import { busily, nextPage } from "./page_state.js";

const byId = (id) => document.getElementById(id);
const practice = "practice" in byId("unlock").dataset;

const open = (way) => busily(async () => {
  const state = await readState();
  if (state === null) return "no_connection";
  if (!(await way(state))) return "not_opened";
  location.replace(nextPage());
});

byId("with-password")?.addEventListener("submit", (event) => {
  event.preventDefault();
  open(async (state) => {
    const { salt } = state.locks.find((lock) => lock.kind === "password");
    const { wrap } = await derivePassword(byId("password").value, salt, state.password.n, practice);
    return openWithPassword(state, wrap);
  });
});
byId("with-code")?.addEventListener("submit", (event) => {
  event.preventDefault();
  open((state) => openWithCode(state, byId("printed").value));
});
byId("passkey")?.addEventListener("click", () => open(async (state) => {
  const prf = await askPrf(state.locks.filter((lock) => lock.kind === "passkey").map((lock) => lock.id));
  return prf !== null && openWithPasskey(state, prf);
}));

// One's own account: passkeys with their lock on the key, and a changed password.
import { derivePasskey } from "./locks.js";
import { addLock, changePassword, post, readerKey, readState } from "./keys.js";
import { createPasskey } from "./passkey_client.js";
import { busily } from "./page_state.js";

const byId = (id) => document.getElementById(id);
const account = byId("account");
const practice = "practice" in account.dataset;

byId("add-passkey")?.addEventListener("click", () => busily(async () => {
  if (account.dataset.public && (await readerKey()) === null) return "locked";
  const options = await post("/account/passkeys/options");
  if (!options.challenge) return options.problem;
  const { credential, id, prf } = await createPasskey(options);
  const added = await post("/account/passkeys", { credential });
  if (added.status !== 200) return added.problem;
  // Without a PRF the passkey logs in, and the key then asks for the password.
  if (prf !== null && account.dataset.public) {
    const problem = await addLock({ kind: "passkey", key: await derivePasskey(prf), passkey: id });
    if (problem) return problem;
  }
  location.replace("/account");
}));

byId("change-password")?.addEventListener("submit", (event) => {
  event.preventDefault();
  busily(async () => {
    const fresh = byId("new").value;
    if (fresh.length < 12) return "too_short";
    if (fresh !== byId("again").value) return "not_same";
    const state = await readState();
    if (state === null) return "no_connection";
    const problem = await changePassword(state, byId("old")?.value ?? "", fresh, practice);
    if (problem) return problem;
    location.replace("/account?notice=password_changed");
  });
});

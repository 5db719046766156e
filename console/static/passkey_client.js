// The browser's side of passkeys, with the PRF extension, whose output only this passkey on this site gives.
import { PRF, random } from "./locks.js";

const withPrf = (options) => ({ publicKey: { ...options, extensions: { ...options.extensions, prf: PRF } } });
const outputOf = (credential) => {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  return first ? new Uint8Array(first) : null;
};

function withoutOutput(credential) {
  const json = credential.toJSON();
  json.clientExtensionResults = {}; // the output opens the key: it never leaves the browser
  return JSON.stringify(json);
}

/** {credential, id, prf}: a new passkey as JSON; ``prf`` is null if it cannot hold a key. */
export async function createPasskey(optionsJson) {
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(optionsJson);
  const made = await navigator.credentials.create(withPrf(options));
  const able = made.getClientExtensionResults().prf?.enabled;
  const prf = outputOf(made) ?? (able ? await askPrf([made.id]) : null);
  return { credential: withoutOutput(made), id: made.id, prf };
}

/** {credential, id, prf} for a login without a name. */
export async function signIn(optionsJson) {
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(optionsJson);
  const found = await navigator.credentials.get(withPrf(options));
  return { credential: withoutOutput(found), id: found.id, prf: outputOf(found) };
}

/** The PRF output of one of these passkeys, to open a key that the server has let this person have already. */
export async function askPrf(ids) {
  const allowCredentials = ids.map((id) => ({ type: "public-key", id: fromBase64url(id) }));
  const found = await navigator.credentials.get(
    withPrf({ challenge: random(32), allowCredentials, userVerification: "required" }),
  );
  return outputOf(found);
}

const fromBase64url = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

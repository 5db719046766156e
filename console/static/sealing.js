// Seals and opens in the browser: HPKE base mode (RFC 9180), X25519, HKDF-SHA256, AES-256-GCM. Pure functions on
// WebCrypto and the vendored library; vault/readers.py and vault/inbox.py say the same on the server's side.
import {
  AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_X25519_HKDF_SHA256,
} from "./vendor/hpke.js";

const suite = new CipherSuite(KEM_DHKEM_X25519_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM);
const ENCAPSULATED_BYTES = 32;
const FINGERPRINT_BYTES = 8; // begins a wrap: whose key it was made for

const bytes = (text) => new TextEncoder().encode(text);
const lineInfo = (conversation, { epoch, who, at, number }) =>
  bytes(["porchlight/v1/window", conversation, epoch, who, at, number].join("|"));
const wrapInfo = (conversation, epoch, name) => bytes(["porchlight/v1/wrap", conversation, epoch, name].join("|"));

export function toBase64(raw) {
  return btoa(Array.from(raw, (byte) => String.fromCharCode(byte)).join(""));
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

async function seal(rawPublic, info, plain) {
  const key = await suite.DeserializePublicKey(rawPublic);
  const { encapsulatedSecret, ciphertext } = await suite.Seal(key, plain, { info });
  return join(encapsulatedSecret, ciphertext);
}

// Throws for another key, another place or a changed byte.
async function open(pair, info, sealed) {
  return suite.Open(pair, sealed.slice(0, ENCAPSULATED_BYTES), sealed.slice(ENCAPSULATED_BYTES), { info });
}

// A key pair whose private half cannot be read out again, from 32 raw bytes.
async function importPair(rawPrivate) {
  const extractable = await suite.DeserializePrivateKey(rawPrivate, true);
  const { x } = await crypto.subtle.exportKey("jwk", extractable);
  const raw32Public = fromBase64(x.replaceAll("-", "+").replaceAll("_", "/"));
  return {
    privateKey: await suite.DeserializePrivateKey(rawPrivate, false),
    publicKey: await suite.DeserializePublicKey(raw32Public),
    raw32Public,
  };
}

// A reader's new key pair, raw: the private half is for wrapping at once and for nothing else.
export async function createReaderKey() {
  const pair = await suite.GenerateKeyPair(true);
  return {
    raw32Private: await suite.SerializePrivateKey(pair.privateKey),
    raw32Public: await suite.SerializePublicKey(pair.publicKey),
  };
}

// What readerKey() of keys.js answers, from the 32 raw bytes of a reader's private key.
export const importReaderKey = importPair;

// An epoch's key pair and its raw private half (for handing it on to readers who lack it).
export async function openWrap(reader, conversation, epoch, name, wrap) {
  const raw = await open(reader, wrapInfo(conversation, epoch, name), wrap.slice(FINGERPRINT_BYTES));
  return { ...(await importPair(raw)), raw };
}

// The words of one line. `place`: epoch, who, at and number as they stand beside it.
export async function openLine(epochPair, conversation, place, sealed) {
  return new TextDecoder("utf-8", { fatal: true }).decode(await open(epochPair, lineInfo(conversation, place), sealed));
}

// An epoch's raw private half for one reader.
export async function wrapFor(raw, readerPublic, conversation, epoch, name) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", readerPublic));
  const sealed = await seal(readerPublic, wrapInfo(conversation, epoch, name), raw);
  return join(digest.slice(0, FINGERPRINT_BYTES), sealed);
}

// A reply for the worker alone, bound to this conversation and this advocate.
export async function sealReply(inbox, conversation, advocate, text) {
  const info = bytes(["porchlight/v1/inbox|reply", conversation, advocate].join("|"));
  return join(bytes(inbox.epoch), await seal(inbox.key, info, bytes(text)));
}

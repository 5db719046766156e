// What opens a reader key: a password (scrypt), a passkey (its PRF), a printed code. Pure: no page, no server.
// The private key is 32 raw bytes; each lock wraps it with AES-256-GCM, a nonce of 12 bytes first.
import { scryptAsync } from "./vendor/noble-hashes/scrypt.js";

const LEAST_COST = 2 ** 15;
const MOST_COST = 2 ** 20;
const PKCS8 = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32); // X25519, RFC 8410
const PRF_CONTEXT = "porchlight/v1/passkey-prf";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const utf8 = new TextEncoder();

export const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const random = (length) => crypto.getRandomValues(new Uint8Array(length));

// ---- password -----------------------------------------------------------------------------------------------------
/** {proof, wrap}: what the server may know, and what it may not. Throws "weak" below 2^15, but for invented texters. */
export async function derivePassword(password, saltHex, n, practice) {
  if ((n < LEAST_COST && !practice) || n > MOST_COST) throw new Error("weak");
  const options = { N: n, r: 8, p: 1, dkLen: 64 };
  const bytes = await scryptAsync(utf8.encode(password.normalize("NFKC")), unhex(saltHex), options);
  return { proof: hex(bytes.slice(0, 32)), wrap: bytes.slice(32) };
}

// ---- passkey and printed code -------------------------------------------------------------------------------------
async function expand(secret, saltHex, info) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: unhex(saltHex), info: utf8.encode(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 256));
}

export const PRF = { eval: { first: utf8.encode(PRF_CONTEXT) } };
export const derivePasskey = (secret) => expand(secret, "", "porchlight/v1/passkey-lock");

/** A new code: 160 random bits in base32, eight groups of four. */
export function createCode() {
  let bits = "";
  for (const byte of random(20)) bits += byte.toString(2).padStart(8, "0");
  const letters = bits.match(/.{5}/g).map((five) => BASE32[parseInt(five, 2)]).join("");
  return letters.match(/.{4}/g).join(" ");
}

/** The wrapping key of a printed code, read leniently: spaces, dashes and small letters do not matter. */
export function deriveCode(code, saltHex) {
  const letters = code.toUpperCase().replaceAll("0", "O").replaceAll("1", "I").replaceAll("8", "B").replace(/[^A-Z2-7]/g, "");
  return expand(utf8.encode(letters), saltHex, "porchlight/v1/recovery-lock");
}

// ---- sealing ------------------------------------------------------------------------------------------------------
const aes = (key, use) => crypto.subtle.importKey("raw", key, "AES-GCM", false, [use]);

/** nonce + ciphertext, bound to ``context``. */
export async function sealWith(key, plain, context) {
  const nonce = random(12);
  const how = { name: "AES-GCM", iv: nonce, additionalData: utf8.encode(context) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(how, await aes(key, "encrypt"), plain));
  return Uint8Array.of(...nonce, ...sealed);
}

/** The plain bytes, or null: another key, another context, or a changed byte. */
export async function openWith(key, sealed, context) {
  const how = { name: "AES-GCM", iv: sealed.slice(0, 12), additionalData: utf8.encode(context) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, await aes(key, "decrypt"), sealed.slice(12)));
  } catch {
    return null;
  }
}

const lockContext = (kind, publicHex) => `porchlight/v1/lock|${kind}|${publicHex}`;

/** A lock as the server keeps it. */
export async function buildLock(kind, key, raw, publicHex, salt = "") {
  return { kind, salt, wrapped: hex(await sealWith(key, raw, lockContext(kind, publicHex))) };
}

/** The private key's 32 bytes if ``key`` opens this lock and they belong to the public key, else null. */
export async function openLock(lock, key, publicHex) {
  const raw = await openWith(key, unhex(lock.wrapped), lockContext(lock.kind, publicHex));
  return raw !== null && hex(await publicOf(raw)) === publicHex ? raw : null;
}

// ---- the key itself -----------------------------------------------------------------------------------------------
const importRaw = (raw, extractable) =>
  crypto.subtle.importKey("pkcs8", Uint8Array.of(...PKCS8, ...raw), "X25519", extractable, ["deriveBits"]);

export async function publicOf(raw) {
  const { x } = await crypto.subtle.exportKey("jwk", await importRaw(raw, true));
  return Uint8Array.from(atob(x.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

/** A key pair that no script can read out again, as WebCrypto and hpke.js take it. */
export async function importPair(raw) {
  const raw32Public = await publicOf(raw);
  const publicKey = await crypto.subtle.importKey("raw", raw32Public, "X25519", true, []);
  return { privateKey: await importRaw(raw, false), publicKey, raw32Public };
}

export const createRaw = () => random(32);

// What a reply costs and what it should not hold, worked out in the browser: unsent words never leave it (A2, A8, P2).
// The same as hotline/gsm.py, hotline/reading.py, the personal-number check and hotline/reply_warnings.py; a test
// runs both sides over many texts and compares. Pure: no page, no network, no storage.

export { computeGrade } from "./reading.js";

export const LONGEST_REPLY = 1600;

// ---- SMS parts: hotline/gsm.py --------------------------------------------------------------------------------------
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENSION = new Set("\f^{}\\[~]|€");
const PLAIN = new Map([
  ...[..."‘’‚‛′ʼ`´"].map((sign) => [sign, "'"]),
  ...[..."“”„‟″«»"].map((sign) => [sign, '"']),
  ...[..."‐‑‒–—―−"].map((sign) => [sign, "-"]),
  ..."\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000".split("").map((sign) => [sign, " "]),
  ..."\u00ad\u200b\u2060\ufeff".split("").map((sign) => [sign, ""]),
  ["…", "..."],
]);

export function foldForSms(text) {
  const unaccented = text.normalize("NFD").replace(/([aiouAIOU])\u0301+/gu, "$1").normalize("NFC");
  return Array.from(unaccented, (sign) => PLAIN.get(sign) ?? sign).join("");
}

const isNarrow = (text) => Array.from(text).every((sign) => BASIC.has(sign) || EXTENSION.has(sign));
const cost = (sign, narrow) => ((narrow ? EXTENSION.has(sign) : sign > "\uffff" || sign.length > 1) ? 2 : 1);

/** Parts, units and encoding ("gsm7" or "ucs2") of a text as it stands. */
export function countParts(text) {
  const narrow = isNarrow(text);
  const [alone, joined] = narrow ? [160, 153] : [70, 67];
  const costs = Array.from(text, (sign) => cost(sign, narrow));
  const units = costs.reduce((sum, one) => sum + one, 0);
  const encoding = narrow ? "gsm7" : "ucs2";
  if (units <= alone) return { count: text ? 1 : 0, encoding, units };
  let [count, used] = [1, 0];
  for (const one of costs) {
    if (used + one > joined) [count, used] = [count + 1, 0];
    used += one;
  }
  return { count, encoding, units };
}

/** As the texter's channel would send it: parts (0 but for SMS), characters, whether accents go, what makes it dear. */
export function countLength(text, channel) {
  const characters = Array.from(text).length;
  if (channel !== "sms") return { parts: 0, characters, dear: false, folded: false };
  const sent = foldForSms(text);
  const parts = countParts(sent);
  return { parts: parts.count, characters, dear: parts.encoding === "ucs2", folded: sent !== text };
}

// ---- phone numbers that are not ours --------------------------------------------------------------------------------
const SPOKEN = new Map(Object.entries({
  zero: 0, oh: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9,
  cero: 0, uno: 1, dos: 2, tres: 3, cuatro: 4, cinco: 5, seis: 6, siete: 7, ocho: 8, nueve: 9,
}));
const LETTER = "[\\p{L}\\p{N}_]";
const SPOKEN_WORD = new RegExp(`(?<!${LETTER})(?:${[...SPOKEN.keys()].join("|")})(?!${LETTER})`, "gu");
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SOMETHING = new RegExp(`[^${SPACE}]`, "u");
const RUN = new RegExp(`[0-9](?:[${SPACE}.\\-_()/*~|\\u2010-\\u2015]{0,3}[0-9])+`, "gu");

function toDigit(sign) {
  // Decimal digits of any script stand in runs of ten, zero first.
  let code = sign.codePointAt(0);
  const first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - 1))) code -= 1;
  return String((first - code) % 10);
}

/** True if the text holds a phone number whose digits are not in `known`. */
export function findPersonalNumber(text, known) {
  const plain = text.normalize("NFKC").toLowerCase().replace(/\p{Nd}/gu, toDigit);
  const runs = plain.replace(SPOKEN_WORD, (word) => SPOKEN.get(word)).match(RUN) || [];
  return runs.map((run) => run.replace(/[^0-9]/gu, "")).some((digits) => {
    if (digits.length !== 7 && (digits.length < 10 || digits.length > 15)) return false;
    return !known.has(digits.length === 11 && digits.startsWith("1") ? digits.slice(1) : digits);
  });
}

/** Why the reply may not go out yet: empty, too_long, personal_number; null if it may. */
export function findProblem(text, known, numberChecked) {
  if (!SOMETHING.test(text)) return "empty";
  if (Array.from(text).length > LONGEST_REPLY) return "too_long";
  return !numberChecked && findPersonalNumber(text, known) ? "personal_number" : null;
}

// ---- banned words and addresses: hotline/reply_warnings.py ----------------------------------------------------------
const escape = (word) => word.replace(/[.*+?^${}()|[\]\\/]/gu, "\\$&").replaceAll("\\*", `${LETTER}*`);

/** Rules ready for use, from what /composing serves. */
export function readRules(data) {
  const groups = (words) => Object.entries(words).map(([reason, list]) => [
    reason, new RegExp(list.map((word) => `(?<!${LETTER})${escape(word)}(?!${LETTER})`).join("|"), "u"),
  ]);
  return {
    known: new Set(data.known),
    banned: new Map(Object.entries(data.banned).map(([language, words]) => [language, groups(words)])),
    streets: data.streets,
    small: data.small.map((pattern) => new RegExp(pattern, "u")),
    cased: data.cased.map((pattern) => new RegExp(pattern, "u")),
  };
}

/** Each reason that the text breaks, with the first words that do. */
export function findBanned(text, language, rules) {
  const folded = foldForSms(text.toLowerCase());
  const found = (rules.banned.get(language) || []).map(([reason, pattern]) => [reason, folded.match(pattern)]);
  return found.filter(([, match]) => match).map(([reason, match]) => [reason, match[0]]);
}

/** True if the text seems to hold a street address that is not a published open place's. */
export function findAddress(text, rules) {
  let cased = foldForSms(text).replaceAll("\n", " ");
  let small = foldForSms(text.toLowerCase()).replaceAll("\n", " ");
  for (const street of rules.streets) {
    cased = cased.replaceAll(foldForSms(street), " ");
    small = small.replaceAll(foldForSms(street.toLowerCase()), " ");
  }
  return rules.small.some((one) => one.test(small)) || rules.cased.some((one) => one.test(cased));
}

// The school grade that a text asks of its reader: hotline/reading.py, in the browser (V2). A test compares the two.

const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const WORD = "\\p{L}\\p{N}_";
const EDGE = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;

const SENTENCE_END = new RegExp(`[.?!]+(?:[${SPACE}]|$)|\\n+`, "u");
const LETTERS = "[\\p{L}\\p{Nl}\\p{No}]+";
const WORDS = new RegExp(`${LETTERS}(?:'${LETTERS})*`, "gu");
const LEFT_OUT = new RegExp(
  `\\{[^{}]*\\}|[^${SPACE}]*\\p{Nd}[^${SPACE}]*|[^${SPACE}]+\\.(?:org|com|net|gov)${EDGE}[^${SPACE}]*` +
    `|${EDGE}[A-ZÁÉÍÓÚÑÜ]{2,}${EDGE}`,
  "gu",
);

const EN_SILENT_END = /(?:[^laeiouy]es|[^aeioutdy]ed|(?<![^aeiouy]l)(?<=[^aeiouy])e)$/u;
const EN_SOUNDED_ES = /(?:[sxz]|ch|sh|[cg])es$/u;
const EN_VOWELS = /[aeiouy]+/gu;
const EN_HIATUS = /ia(?!l)|io(?!n)|iu|eo(?!p)|ua(?!r)|[aeo]ing|uing|[^q]uie|ism$|n't$/gu;
const EN_ODD = new Map(Object.entries({
  every: 2, everything: 3, everyone: 3, people: 2, area: 3, idea: 3, being: 2, quiet: 2, therapy: 3, sometimes: 2,
  someone: 2, something: 2, somewhere: 2, "don't": 1, "won't": 1, "can't": 1, "aren't": 1, anyone: 3,
}));

const ES_VOWELS = /[aeiouáéíóúüy]+/gu;
const ES_MUTE = /(?<=[qg])u(?=[eiéí])/gu;
const ES_HARD_Y = /y(?=[aeiouáéíóú])/gu;

const count = (text, pattern) => (text.match(pattern) || []).length;
const add = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

function countEnglish(word) {
  if (EN_ODD.has(word)) return EN_ODD.get(word);
  const stem = EN_SOUNDED_ES.test(word) ? word : word.replace(EN_SILENT_END, "");
  return Math.max(1, count(stem, EN_VOWELS) + count(stem, EN_HIATUS));
}

function countSpanish(word) {
  const groups = word.replace(ES_MUTE, "").replace(ES_HARD_Y, "-").match(ES_VOWELS) || [];
  return Math.max(1, add(groups.map((group) => Math.max(1, count(group, /[aeoáéóíú]/gu)))));
}

function gradeEnglish(words, sentences) {
  const syllables = add(words.map(countEnglish));
  return Math.max(0, (0.39 * words.length) / sentences + (11.8 * syllables) / words.length - 15.59);
}

function gradeSpanish(words, sentences) {
  const syllables = add(words.map(countSpanish));
  const ease = 206.84 - (60 * syllables) / words.length - (1.02 * words.length) / sentences;
  return ease >= 70 ? Math.max(0, 13 - ease / 10) : 6 + (70 - ease) / 5;
}

const GRADES = { en: gradeEnglish, es: gradeSpanish };

/** The school grade of a text; 0 without words, null for a language without a formula. */
export function computeGrade(text, language) {
  const ease = Object.hasOwn(GRADES, language) ? GRADES[language] : null;
  if (!ease) return null;
  const sentences = text.replace(LEFT_OUT, " ").split(SENTENCE_END).map((one) => one.match(WORDS)).filter(Boolean);
  const words = sentences.flat().map((word) => word.toLowerCase());
  return words.length ? ease(words, sentences.length) : 0;
}

// The school grade that a text asks of its reader: hotline/reading.py in the browser, so that nothing need be sent.
// Simpler about syllables; a test holds both against each other.

const ENGLISH_SILENT_END = /(?:[^laeiouy]es|[^aeioutdy]ed|[^aeiouy]e)$/;

function countSyllables(word, language) {
  if (language === "es") {
    const groups = word.replace(/([qg])u(?=[eiéí])/g, "$1").match(/[aeiouáéíóúüy]+/g) || [];
    const strong = (group) => Math.max(1, (group.match(/[aeoáéóíú]/g) || []).length);
    return Math.max(1, groups.reduce((sum, group) => sum + strong(group), 0));
  }
  const stem = /[^aeiouy]le$/.test(word) ? word : word.replace(ENGLISH_SILENT_END, "");
  return Math.max(1, (stem.match(/[aeiouy]+/g) || []).length);
}

export function readingGrade(text, language) {
  const sentences = text.toLowerCase().split(/[.?!]+(?:\s|$)|\n+/)
    .map((sentence) => sentence.match(/\p{Alphabetic}+(?:'\p{Alphabetic}+)*/gu) || [])
    .filter((words) => words.length);
  const words = sentences.flat();
  if (!words.length) return 0;
  const perSentence = words.length / sentences.length;
  const perWord = words.reduce((sum, word) => sum + countSyllables(word, language), 0) / words.length;
  if (language === "es") {
    const ease = 206.84 - 60 * perWord - 1.02 * perSentence;
    return ease >= 70 ? Math.max(0, 13 - ease / 10) : 6 + (70 - ease) / 5;
  }
  return Math.max(0, 0.39 * perSentence + 11.8 * perWord - 15.59);
}

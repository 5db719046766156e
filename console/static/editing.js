// The form of an entry: parts, grade and words to avoid while somebody types, as the chat's box has them (G1), and a
// confidential address that is emptied and locked at once (D4). The server checks all of it again.
import { computeGrade, countParts, findAddress, findBanned, foldForSms, readRules } from "./composing.js";

const HIGHEST_GRADE = 6;
const form = document.getElementById("edit");

function describe(text, language, data, rules) {
  const words = data.words;
  const plain = text.replace(/\{[^{}]*\}/gu, "*");
  const parts = countParts(foldForSms(text));
  const grade = computeGrade(text, language);
  const head = `${parts.count} ${parts.count === 1 ? words.parts_one : words.parts_many} · ` +
    `${Array.from(text).length} ${words.characters} · ${words.grade} ${grade === null ? "" : grade.toFixed(1)}`;
  const flags = findBanned(plain, language, rules)
    .map(([reason, said]) => `${words.says} “${said}”: ${words.banned[reason] ?? words.banned.other}`);
  if (grade > HIGHEST_GRADE) flags.push(words.grade_high);
  if (findAddress(plain, rules)) flags.push(words.address);
  return [head, flags];
}

function show(target, head, flags) {
  target.replaceChildren(...[head, ...flags].map((line, place) => {
    const row = document.createElement("p");
    row.textContent = line;
    if (place) row.className = "flag";
    return row;
  }));
}

async function startWords() {
  const boxes = [...form.querySelectorAll("textarea[data-language]")];
  if (!boxes.length) return;
  const answer = await fetch("/content/rules", { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  const data = await answer.json();
  const rules = readRules(data);
  for (const box of boxes) {
    let timer = 0;
    const update = () => show(
      document.getElementById(`live-${box.name}`),
      ...describe(box.value.replaceAll("\r\n", "\n").trim(), box.dataset.language, data, rules),
    );
    box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(update, 250); });
    update();
  }
}

function startAddress() {
  const hidden = form.elements.address_confidential;
  if (!hidden) return;
  const fields = ["address_1", "address_2", "city", "state_province", "postal_code", "near"]
    .map((name) => form.elements[name]);
  const lock = () => {
    const locked = hidden.value !== "no";
    for (const field of fields) {
      field.disabled = locked;
      if (locked) field.value = "";
    }
  };
  hidden.addEventListener("change", lock);
  lock();
}

// What the checker said of other words than those that stand there now is not shown as if it were of these.
function startTrial() {
  const trial = document.getElementById("trial");
  const checking = document.getElementById("checking");
  const said = document.getElementById("trial-said");
  let typed = 0, asked = 0;
  form.addEventListener("input", () => {
    typed += 1;
    checking.hidden = false;
    said.classList.add("stale");
  });
  trial.addEventListener("htmx:beforeRequest", () => { asked = typed; });
  trial.addEventListener("htmx:afterSwap", () => {
    checking.hidden = asked === typed;
    said.classList.toggle("stale", asked !== typed);
  });
}

startAddress();
startTrial();
startWords();

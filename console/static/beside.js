// Beside the chat: counting and warning while a reply is written, finding a line, a referral in steps. What is typed,
// ticked or chosen stays in the page: nothing is sent or stored, and all of it is cleared when the page is left.
import { computeGrade, countLength, findAddress, findBanned, findPersonalNumber, readRules } from "./composing.js";
import { startReferral } from "./referral.js";

const byId = (id) => document.getElementById(id);
const HIGHEST_GRADE = 6;

// ---- composing ------------------------------------------------------------------------------------------------------
function speech() {
  const chosen = document.querySelector("#quick-speech input:checked");
  return chosen ? chosen.value : byId("composing").dataset.language;
}

function describeLength(text, data, channel) {
  const words = data.words;
  const length = countLength(text, channel);
  const grade = computeGrade(text, speech());
  const said = [`${length.characters} ${words.of} ${data.longest} ${words.characters}`];
  if (length.parts) said.unshift(`${length.parts} ${length.parts === 1 ? words.parts_one : words.parts_many}`);
  if (grade !== null && text) said.push(`${words.grade} ${Math.round(grade)}`);
  return [said.join(" · "), ...(length.folded ? [words.folded] : []), ...(length.dear ? [words.dear] : [])];
}

function listWarnings(text, data, rules) {
  const words = data.words;
  const found = findPersonalNumber(text, rules.known) ? [words.personal] : [];
  if (findAddress(text, rules)) found.push(words.address);
  for (const [reason, said] of findBanned(text, speech(), rules)) {
    found.push(`${words.says} “${said}”: ${words.banned[reason] ?? words.banned.other}`);
  }
  if (computeGrade(text, speech()) > HIGHEST_GRADE) found.push(words.grade_high);
  return found;
}

function show(target, lines, flagged) {
  // A screen reader says a line again only if it changed.
  const shown = [...target.children].map((line) => line.textContent);
  if (shown.length === lines.length && shown.every((line, place) => line === lines[place])) return;
  target.replaceChildren(...lines.map((line) => {
    const row = document.createElement("p");
    row.textContent = line;
    if (flagged) row.className = "flag";
    return row;
  }));
}

async function startComposing(box, panel) {
  const answer = await fetch("/composing", { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  const data = await answer.json();
  const rules = readRules(data);
  let timer = 0;
  const warn = () => show(panel, listWarnings(box.value.trim(), data, rules), true);
  const update = () => {
    const text = box.value.replaceAll("\r\n", "\n").trim();
    show(byId("count"), text ? describeLength(text, data, panel.dataset.channel) : [], false);
    clearTimeout(timer);
    timer = setTimeout(warn, 300);
  };
  box.addEventListener("input", update);
  document.body.addEventListener("replied", update);
  byId("quick-speech")?.addEventListener("change", () => { box.lang = speech(); update(); });
  update();
}

// ---- reviewed lines -------------------------------------------------------------------------------------------------
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function startQuick(search) {
  const none = byId("quick-none");
  const isOpen = (button) => !button.closest("[hidden]");
  const buttons = () => [...byId("quick-lines").querySelectorAll("button")].filter(isOpen);
  const find = () => {
    const wanted = plain(search.value.trim());
    for (const list of document.querySelectorAll("[data-speech]")) list.hidden = list.dataset.speech !== speech();
    for (const line of byId("quick-lines").querySelectorAll("li")) line.hidden = !plain(line.textContent).includes(wanted);
    for (const group of document.querySelectorAll("[data-quick-group]")) {
      group.hidden = false;
      group.hidden = ![...group.querySelectorAll("button")].some(isOpen);
    }
    none.textContent = buttons().length ? "" : none.dataset.text;
  };
  search.addEventListener("input", find);
  byId("quick-speech").addEventListener("change", find);
  byId("quick").addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const place = buttons().indexOf(event.target);
    if (!step || (place < 0 && event.target !== search)) return;
    event.preventDefault();
    (place + step < 0 ? search : buttons()[place + step])?.focus();
  });
  document.addEventListener("keydown", (event) => {
    const away = event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select");
    if (event.key !== "/" || away || !byId("shortcuts")?.checked) return;
    event.preventDefault();
    byId("quick").open = true;
    search.focus();
  });
  find();
}

// ---- what is gone when the page is left -----------------------------------------------------------------------------
export function clear(part) {
  for (const field of part.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = false;
    else if (field.tagName === "SELECT") field.selectedIndex = 0;
    else field.value = "";
  }
}

window.addEventListener("pagehide", () => document.querySelectorAll("[data-ephemeral]").forEach(clear));
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const button = event.target.closest("[data-clear]");
  if (button) clear(button.closest("[data-ephemeral]"));
});

if (byId("quick-search")) startQuick(byId("quick-search"));
if (byId("text") && byId("composing")) startComposing(byId("text"), byId("composing"));
if (byId("referral")) startReferral(byId("referral"), clear);

// The practice line: an invented texter answers in this page alone. Nothing is sent, counted or stored.
import { readingGrade } from "/static/reading_grade.js";

const byId = (id) => document.getElementById(id);
const place = byId("practice");
const script = JSON.parse(place.dataset.script);
const words = JSON.parse(place.dataset.words);
const language = document.documentElement.lang;
const lines = byId("lines");
const box = byId("box");
const replies = [];
let step = "start";
let answering = 0;
let unheard = null; // what was said while the texter was still writing

// ---- words: small letters, no accents, matched whole ----------------------------------------------------------------
const fold = (text) => ` ${text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}'-]+/gu, " ").trim()} `;
const holds = (text, phrases) => phrases.some((phrase) => fold(text).includes(fold(phrase)));

// ---- the log, as a real conversation shows it -------------------------------------------------------------------------
function addLine(who, text) {
  const item = document.createElement("li");
  item.className = `message from-${who}`;
  const name = document.createElement("p");
  name.className = "who";
  name.textContent = lines.dataset[who];
  const said = document.createElement("p");
  said.className = "text";
  said.dir = "auto";
  said.textContent = text;
  item.append(name, said);
  lines.append(item);
  const log = byId("log");
  log.scrollTop = log.scrollHeight;
}

function texterSays(texts, then) {
  answering += texts.length;
  texts.forEach((text, index) => setTimeout(() => {
    addLine("texter", text);
    answering -= 1;
    if (index === texts.length - 1) {
      if (then) then();
      else if (unheard !== null) hear(unheard);
    }
  }, 500 * (index + 1)));
}

function hear(text) {
  if (step === "end") return;
  if (answering) {
    unheard = `${unheard || ""} ${text}`;
    return;
  }
  unheard = null;
  const { hears, otherwise } = script.steps[step];
  const answer = hears.find((branch) => holds(text, branch.words)) || otherwise;
  step = answer.to;
  texterSays(answer.says, step === "end" ? showReview : null);
}

// ---- looking back: signs, not marks -----------------------------------------------------------------------------------
function showReview() {
  step = "end";
  for (const control of byId("answer").elements) control.disabled = true;
  const said = replies.join("\n");
  const grade = Math.round(readingGrade(said, language) * 10) / 10;
  const most = Math.max(0, ...replies.map((reply) => (reply.match(/\?/g) || []).length));
  const findings = replies.length === 0 ? [words.nothing] : [
    holds(replies.slice(0, 2).join(" "), script.checks.asked_ok) ? words.asked : words.not_asked,
    holds(said, script.checks.choice) ? words.choice : words.no_choice,
    most > 1 ? words.many_questions : words.one_question,
    `${words.grade} ${grade}. ${grade > 6 ? words.grade_high : words.grade_fine}`,
    replies.some((reply) => reply.length > 160) ? words.long : words.short,
  ];
  byId("findings").replaceChildren(...findings.map((finding) => {
    const item = document.createElement("li");
    item.textContent = finding;
    return item;
  }));
  byId("review").hidden = false;
  byId("review").focus();
}

byId("answer").addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  const text = box.value.trim();
  if (!text || step === "end") return;
  addLine("advocate", text);
  replies.push(text);
  box.value = "";
  hear(text);
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("answer").requestSubmit();
});
byId("wait").addEventListener("click", () => { if (!answering) hear(""); });
byId("stop").addEventListener("click", showReview);

texterSays(script.opening);
box.focus();

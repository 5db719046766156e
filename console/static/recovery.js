// A new printed code: made here, shown once, and worth something only after it is said to be on paper.
import { createCode, deriveCode, hex, random } from "./locks.js";
import { addLock, requireKey } from "./keys.js";
import { busily } from "./page_state.js";

const byId = (id) => document.getElementById(id);
const code = createCode();

if (await requireKey()) byId("recovery-code").textContent = code;

byId("print").addEventListener("click", () => print());
byId("confirm").addEventListener("submit", (event) => {
  event.preventDefault();
  busily(async () => {
    if (!byId("have").checked) return "";
    const salt = hex(random(16));
    const problem = await addLock({ kind: "recovery", key: await deriveCode(code, salt), salt });
    if (problem) return problem;
    location.replace("/");
  });
});

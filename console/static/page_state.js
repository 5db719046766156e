// What the pages of getting in share: one problem at a time, "one moment", and where to go next.
export function show(problem) {
  for (const line of document.querySelectorAll("[data-problem]")) line.hidden = line.dataset.problem !== problem;
}

// A page is sent with these off, so that no press is lost, or sent as a plain form, before its script is there.
for (const button of document.querySelectorAll("main button:disabled")) button.disabled = false;

/** Runs one thing at a time with every button off; whatever it returns or throws is shown as a problem. */
export async function busily(act) {
  const busy = document.getElementById("busy");
  const buttons = [...document.querySelectorAll("main button")];
  if (buttons.some((button) => button.disabled)) return;
  show("");
  if (busy) busy.textContent = busy.dataset.text;
  for (const button of buttons) button.disabled = true;
  let problem;
  try {
    problem = await act();
  } catch (error) {
    problem = error.message === "weak" ? "weak" : "passkey_stopped";
    if (error.name === "TypeError") problem = "no_connection";
  }
  if (problem === undefined) return; // the page is being left
  for (const button of buttons) button.disabled = false;
  if (busy) busy.textContent = "";
  show(problem);
}

/** ``?next=`` if it is a page of this console, else the first page. */
export function nextPage() {
  const next = new URL(new URLSearchParams(location.search).get("next") ?? "/", location.origin);
  return next.origin === location.origin ? next.pathname + next.search : "/";
}

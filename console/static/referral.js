// A referral, one step at a time (C8, H8). The steps live in the page alone; their fields stand in no form.

export function startReferral(panel, clear) {
  const steps = [...panel.querySelectorAll("fieldset")];
  const place = panel.querySelector("#referral-place");
  const ways = panel.querySelector("#referral-ways");
  const count = panel.querySelector("#referral-count");
  const unchosen = new Map([...panel.querySelectorAll("[data-chosen]")].map((one) => [one, one.textContent]));
  let at = 0;

  const go = (to, focus) => {
    at = Math.max(0, Math.min(steps.length - 1, to));
    steps.forEach((step, number) => { step.hidden = number !== at; });
    place.textContent = `${place.dataset.step} ${at + 1} ${place.dataset.of} ${steps.length}`;
    ways.querySelector('[data-go="-1"]').disabled = at === 0;
    ways.querySelector('[data-go="1"]').disabled = at === steps.length - 1;
    if (focus) steps[at].querySelector("legend").focus();
  };

  const choose = (id, name) => {
    count.elements.resource.value = id;
    for (const button of count.querySelectorAll("button")) button.disabled = !id;
    for (const [one, text] of unchosen) one.textContent = name || text;
  };

  const forget = () => {
    clear(panel);
    panel.querySelector("#referral-options").replaceChildren();
    panel.querySelector("#referral-state").replaceChildren();
    choose("", "");
    go(0, false);
  };

  panel.addEventListener("change", (event) => {
    if (event.target.name === "chosen") choose(event.target.value, event.target.dataset.name);
  });
  panel.addEventListener("click", (event) => {
    const way = event.target.closest("[data-go]");
    if (way) go(at + Number(way.dataset.go), true);
    if (event.target.id === "referral-clear") forget();
    if (event.target.id === "consent-back") {
      for (const no of panel.querySelectorAll('.choice input[value="no"]')) no.checked = true;
    }
  });
  // Places have come: show them.
  panel.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "referral-options") return;
    choose("", "");
    go(1, true);
  });
  window.addEventListener("pagehide", forget);
  ways.hidden = false;
  go(0, false);
}

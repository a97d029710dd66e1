// The page works without this. With it "/" goes to the box, the filters stand open on wide screens, and empty dates stay out of the address.
const box = document.getElementById("q");
addEventListener("keydown", (e) => {
  if (e.key !== "/" || e.isComposing || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select, [contenteditable]")) return;
  e.preventDefault();
  box.focus();
  box.select();
});

const filters = document.getElementById("filters");
const wide = matchMedia("(min-width: 60em)");
if (filters) {
  const follow = () => { filters.open = wide.matches; };
  follow();
  wide.addEventListener("change", follow);
}

for (const form of document.forms) {
  form.addEventListener("submit", () => {
    const empty = [...form.querySelectorAll("input[type=date]")].filter((input) => input.value === "");
    for (const input of empty) input.disabled = true;
    addEventListener("pageshow", () => { for (const input of empty) input.disabled = false; }, { once: true });
  });
}

// Completions below the box, as an ARIA combobox. Nothing is asked while an input method composes, and an answer that comes late is dropped.
const list = document.getElementById("suggestions");
if (list) {
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) {
    box.setAttribute(name, value);
  }
  let asked = 0;
  let chosen = -1;
  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    chosen = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const choose = (n) => {
    const all = options();
    chosen = (n + all.length + 1) % (all.length + 1);
    all.forEach((o, i) => o.setAttribute("aria-selected", String(i === chosen)));
    if (chosen === all.length) chosen = -1;
    if (chosen < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", all[chosen].id);
  };
  const submit = (text) => {
    box.value = text;
    close();
    box.form.requestSubmit();
  };
  const show = (suggestions) => {
    list.replaceChildren(...suggestions.map((s, i) => {
      const o = document.createElement("li");
      o.id = `suggestion-${i}`;
      o.role = "option";
      o.dataset.text = s.text;
      const text = document.createElement("span");
      text.textContent = s.text;
      const n = document.createElement("span");
      n.className = "n";
      if (s.results > 1) n.textContent = `${s.results.toLocaleString("en")} 条`;
      o.append(text, n);
      return o;
    }));
    chosen = -1;
    list.hidden = suggestions.length === 0;
    box.setAttribute("aria-expanded", String(suggestions.length > 0));
  };
  const ask = async () => {
    const mine = ++asked;
    const q = box.value.trim();
    if (!q) return close();
    try {
      const res = await fetch(`${list.dataset.from}?limit=8&q=${encodeURIComponent(q)}`);
      const found = res.ok ? (await res.json()).suggestions ?? [] : [];
      if (mine === asked && document.activeElement === box) show(found);
    } catch {
      close(); // the box works without
    }
  };
  box.addEventListener("input", (e) => { if (!e.isComposing) ask(); });
  box.addEventListener("compositionend", ask);
  box.addEventListener("keydown", (e) => {
    if (e.isComposing || e.keyCode === 229 || list.hidden) return;
    if (e.key === "ArrowDown") choose(chosen + 1);
    else if (e.key === "ArrowUp") choose(chosen < 0 ? options().length - 1 : chosen - 1);
    else if (e.key === "Escape") close();
    else if (e.key === "Enter" && chosen >= 0) submit(options()[chosen].dataset.text);
    else if (e.key === "Tab") return close();
    else return;
    e.preventDefault();
  });
  list.addEventListener("pointerdown", (e) => {
    e.preventDefault(); // keeps the focus in the box
    const o = e.target.closest("li");
    if (o) submit(o.dataset.text);
  });
  box.addEventListener("blur", close);
}

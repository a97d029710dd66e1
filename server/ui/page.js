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

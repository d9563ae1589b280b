// The grid of a programming: arrows go from row to row, what is pasted from a spreadsheet fills the cells that follow.
document.querySelectorAll("form[data-grid]").forEach((form) => {
  const rows = () => [...form.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.querySelector("input")));
  const place = (input) => {
    const all = rows();
    const row = all.findIndex((cells) => cells.includes(input));
    return { all, row, column: all[row].indexOf(input) };
  };
  form.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    if (!step || !event.target.matches("tbody input")) return;
    event.preventDefault();
    const { all, row, column } = place(event.target);
    for (let next = row + step; next >= 0 && next < all.length; next += step) {
      const target = all[next][column];
      if (target) { target.focus(); target.select(); return; }
    }
  });
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text");
    if (!event.target.matches("tbody input") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const { all, row, column } = place(event.target);
    text.replace(/\r?\n$/, "").split(/\r?\n/).forEach((line, down) => line.split("\t").forEach((value, right) => {
      const target = (all[row + down] || [])[column + right];
      if (target) target.value = value.trim();
    }));
  });
});

// Runs before the first paint, so that a chosen theme never flashes.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let choice = null;
    try {
      choice = localStorage.getItem("theme");
    } catch {
      // Storage may be forbidden: the system decides.
    }
    const chosen = choice === "light" || choice === "dark" ? choice : undefined;
    document.documentElement.dataset.theme =
      chosen ?? (dark.matches ? "dark" : "light");
  };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("themechange", apply);
})();

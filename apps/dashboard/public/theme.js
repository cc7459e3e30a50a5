// Chosen by the person, else by the system. A file of its own: the Content-Security-Policy allows no script in the page.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('syncline.theme');
  } catch {
    // Storage may be forbidden; the system decides then.
  }
  const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.classList.toggle('dark', dark);
})();

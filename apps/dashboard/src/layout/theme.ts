const key = 'syncline.theme';

/** What the person has chosen, for the next visit; `public/theme.js` reads it before anything is painted. */
export function toggleTheme(): void {
  const dark = document.documentElement.classList.toggle('dark');
  try {
    localStorage.setItem(key, dark ? 'dark' : 'light');
  } catch {
    // Storage may be forbidden; it holds for this visit then.
  }
}

// What of the screen is left on paper, and what paper should have and has not.
const seen = (css) => [...document.querySelectorAll(css)].some((element) => element.checkVisibility());
const left = arguments[0].filter(seen);
const missing = ['.print-head', 'main'].filter((css) => !seen(css)).map((css) => `no ${css}`);
return [...left, ...missing];

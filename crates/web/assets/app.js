// Everything works without this. It loads what the page has use for.
const parts = [
  ['form.js', 'form[method="post"], [data-errors]'],
  ['photo.js', '[data-photos]'],
  ['copy.js', '[data-copy]'],
  ['pick.js', '[data-narrow]'],
  ['list.js', '[data-filter]'],
  ['session.js', '[data-idle]'],
  ['back.js', '.places'],
];

async function start() {
  document.documentElement.classList.add('js');
  for (const [file, selector] of parts) {
    if (document.querySelector(selector)) (await import(`./${file}`)).default();
  }
}

// photo.js puts an answer in place of the page and starts it again.
document.addEventListener('xiaoan:page', start);
start();

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

// All parts are asked for at once, and begin in their order.
async function start() {
  const page = document.documentElement;
  page.classList.add('js');
  const wanted = parts.filter(([, selector]) => document.querySelector(selector));
  const loading = wanted.map(([file]) => import(`./${file}`));
  for (const part of loading) (await part).default();
  page.classList.add('ready');
}

// photo.js puts an answer in place of the page and starts it again.
document.addEventListener('xiaoan:page', start);
start();

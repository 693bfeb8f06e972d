// Drafts, double submits, focus on errors, a warning before leaving, position.
let typed = false;
let leaving = false;

const secret = (field) => field.type === 'password' || field.type === 'file' || field.type === 'hidden'
  || field.dataset.private !== undefined || field.name.startsWith('_');
const fields = (form) => [...form.elements].filter((field) => field.name && !secret(field));
const key = (form) => `draft ${location.pathname} ${form.id || form.getAttribute('action') || ''}`;
const store = (act) => { try { return act(sessionStorage); } catch { return null; } };
const submits = (form) => form.querySelectorAll('button:not([type=button])');

function values(form) {
  return fields(form).map((field) => {
    const choice = field.type === 'radio' || field.type === 'checkbox';
    return choice ? [field.name, field.value, field.checked] : [field.name, null, field.value];
  });
}

function restore(form) {
  const saved = store((box) => JSON.parse(box.getItem(key(form)) || 'null')) || [];
  for (const [name, value, state] of saved) {
    const field = fields(form).find((each) => each.name === name && (value === null || each.value === value));
    if (!field) continue;
    if (value !== null) field.checked = state;
    else if (!field.value) field.value = state;
  }
}

function draft(form, errors) {
  // The server's own answer with errors already holds what was typed.
  if (!errors) restore(form);
  let timer = 0;
  form.addEventListener('input', () => {
    typed = true;
    clearTimeout(timer);
    timer = setTimeout(() => store((box) => box.setItem(key(form), JSON.stringify(values(form)))), 400);
  });
  form.addEventListener('submit', () => {
    clearTimeout(timer);
    store((box) => {
      box.setItem(key(form), JSON.stringify(values(form)));
      box.setItem('sent', key(form));
    });
  }, { capture: true });
}

function once(form) {
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.busy) { event.preventDefault(); return; }
    form.dataset.busy = '1';
    leaving = true;
    for (const button of submits(form)) button.setAttribute('aria-disabled', 'true');
  });
}

function locate(box) {
  if (!navigator.geolocation || !window.isSecureContext) return;
  box.hidden = false;
  const button = box.querySelector('button');
  const status = box.querySelector('[data-status]');
  const set = (end, value) => { box.querySelector(`input[name="${button.id}_${end}"]`).value = value; };
  button.addEventListener('click', () => {
    status.textContent = box.dataset.asking;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      set('lat', coords.latitude.toFixed(6));
      set('lon', coords.longitude.toFixed(6));
      set('accuracy', Math.round(coords.accuracy));
      status.textContent = box.dataset.found.replace('{metres}', Math.round(coords.accuracy));
    }, () => { status.textContent = box.dataset.refused; }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  });
}

// What was sent last: its draft goes once it was taken.
function sent(taken) {
  store((box) => {
    const key = box.getItem('sent');
    if (key && taken) box.removeItem(key);
    box.removeItem('sent');
  });
}

// The summary names what is wrong from top to bottom.
function inOrder(errors) {
  const list = errors.querySelector('ul');
  const field = (line) => document.getElementById(line.querySelector('a')?.hash.slice(1) ?? '');
  const lines = [...list.children].map((line) => ({ line, at: field(line) }));
  lines.sort((one, other) => {
    if (!one.at || !other.at) return (one.at ? 1 : 0) - (other.at ? 1 : 0);
    return one.at.compareDocumentPosition(other.at) & Node.DOCUMENT_POSITION_PRECEDING ? 1 : -1;
  });
  list.append(...lines.map(({ line }) => line));
}

function free(form) {
  delete form.dataset.busy;
  for (const button of submits(form)) button.removeAttribute('aria-disabled');
}

export default function init() {
  leaving = false;
  const errors = document.querySelector('[data-errors]');
  // An answer without the form has nothing to lose.
  if (!errors) typed = false;
  if (errors) {
    inOrder(errors);
    errors.focus();
    document.title = `${errors.querySelector('h2').textContent} · ${document.title}`;
  }
  // A draft goes when its form was taken: only an answer from here leads on or says that it was done. The browser's own
  // page about a missing network does neither, and the words are there when somebody comes back.
  const [arrival] = performance.getEntriesByType('navigation');
  const taken = document.querySelector('[data-done]') || arrival?.redirectCount > 0;
  // Who has to sign in first is led there by an answer too, and comes back to what was typed.
  const alert = errors || document.querySelector('[data-failed-page], [data-sign-in]');
  sent(taken && !alert);
  for (const form of document.querySelectorAll('form[method="post"]')) {
    if (form.matches('.form') && form.dataset.draft !== 'off') draft(form, errors);
    once(form);
  }
  document.querySelectorAll('[data-location]').forEach(locate);
}

// Back from the browser's own cache: the form may be sent again.
addEventListener('pageshow', () => {
  leaving = false;
  document.querySelectorAll('form[data-busy]').forEach(free);
});
addEventListener('xiaoan:unsent', ({ detail }) => {
  leaving = false;
  free(detail.form);
});
addEventListener('xiaoan:sent', ({ detail }) => {
  leaving = true;
  if (detail.taken) sent(true);
});
addEventListener('beforeunload', (event) => {
  if (typed && !leaving) { event.preventDefault(); event.returnValue = ''; }
});

// Says so five minutes before the session ends without use; staying asks the server for any page.
const WARN_SECONDS = 300;
let timer = 0;

function warn({ idle, idleText, idleStay }) {
  const box = document.createElement('div');
  box.className = 'notice yellow toast';
  box.setAttribute('role', 'alert');
  const text = document.createElement('p');
  text.textContent = idleText.replace('{minutes}', Math.round(Math.min(WARN_SECONDS, Number(idle)) / 60));
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.textContent = idleStay;
  button.addEventListener('click', async () => {
    try { await fetch(location.href, { method: 'HEAD', credentials: 'same-origin' }); } catch { return; }
    box.remove();
    init();
  });
  box.append(text, button);
  document.body.append(box);
}

export default function init() {
  const after = Math.max(30, Number(document.body.dataset.idle) - WARN_SECONDS) * 1000;
  clearTimeout(timer);
  timer = setTimeout(() => warn(document.body.dataset), after);
}

// A long choice gets a line to type a part of the name into. The list stays what it is, for keyboard and reader.
export default function init() {
  for (const select of document.querySelectorAll('select[data-narrow]:not([data-narrowed])')) {
    select.dataset.narrowed = '';
    const line = document.createElement('input');
    Object.assign(line, { type: 'search', className: 'narrow', autocomplete: 'off', placeholder: select.dataset.narrow });
    line.setAttribute('aria-label', select.dataset.narrow);
    line.setAttribute('aria-controls', select.id);
    const places = [...select.options].map((option) => ({ option, parent: option.parentNode, words: plain(option.text) }));
    line.addEventListener('input', () => narrow(select, places, plain(line.value)));
    line.addEventListener('change', (event) => event.stopPropagation());
    line.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      if (line.value) select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    select.before(line);
  }
}

const plain = (text) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');

// What does not match leaves the list: a hidden option is still offered by some phones. The chosen one stays as long
// as nothing is typed; then the first that matches is chosen.
function narrow(select, places, words) {
  const chosen = select.value;
  let first = null;
  for (const { option, parent, words: name } of places) {
    const fits = !words || !option.value || name.includes(words);
    if (fits) parent.append(option); else option.remove();
    if (fits && option.value) first ??= option;
  }
  for (const group of select.querySelectorAll('optgroup')) group.hidden = !group.children.length;
  if (!words || [...select.options].some((option) => option.value === chosen && option.value)) select.value = chosen;
  else select.value = first ? first.value : '';
}

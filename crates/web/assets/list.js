// A changed choice shows its result at once; typed text waits for the button or Enter.
export default function init() {
  for (const form of document.querySelectorAll('form[data-filter]')) {
    form.addEventListener('change', ({ target }) => {
      if (target.matches('select, input[type=checkbox], input[type=radio]') && form.dataset.filter === 'auto') form.submit();
    });
    // Empty fields stay out of the address, so that it reads and can be sent on.
    form.addEventListener('submit', () => {
      for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    });
    addEventListener('pageshow', () => { for (const field of form.elements) field.disabled = false; });
  }
}

// Copies a reminder's text; where the browser refuses, selects it and says how.
export default function init() {
  for (const box of document.querySelectorAll('[data-copy]')) {
    const text = box.querySelector('textarea');
    const button = box.querySelector('button');
    const status = box.querySelector('[data-status]');
    button.hidden = false;
    button.addEventListener('click', async () => {
      let copied = false;
      try {
        await navigator.clipboard.writeText(text.value);
        copied = true;
      } catch {
        text.focus();
        text.setSelectionRange(0, text.value.length);
        try { copied = document.execCommand('copy'); } catch { copied = false; }
      }
      status.textContent = copied ? box.dataset.done : box.dataset.byHand;
    });
  }
}

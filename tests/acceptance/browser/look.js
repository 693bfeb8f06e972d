// What a page looks like: language, width, type size, and the texts of its furniture. `arguments[0]` is the language.
const chinese = /[\u3400-\u9fff]/;
const shown = (element) => element.checkVisibility({ visibilityProperty: true });
const foreign = (element) => element.closest('[lang]') !== document.documentElement;
const box = document.scrollingElement;
// What the house says, not what somebody typed: names of units and people stand in headings, cells and choices.
const furniture = 'label, legend, button, th, dt, caption, summary, h2, h3, .button, .tabs a, .places a, .bar a, .hint, .skip';
const wide = [];
if (box.scrollWidth > innerWidth) {
  for (const element of document.querySelectorAll('body *')) {
    const { right, width } = element.getBoundingClientRect();
    if (right > innerWidth + 1 && width > 0 && wide.length < 3) wide.push(element.outerHTML.slice(0, 120));
  }
}
const words = [];
if (arguments[0] === 'en') {
  for (const element of document.querySelectorAll(furniture)) {
    if (!shown(element) || foreign(element) || element.closest('.answer, .timeline, [data-name]')) continue;
    const copy = element.cloneNode(true);
    for (const part of copy.querySelectorAll('.unseen, [lang], option')) part.remove();
    // Names stand in quotation marks, or half hidden behind stars.
    const text = copy.textContent.replace(/“[^”]*”|[\u3400-\u9fff]＊+/g, '').trim();
    if (chinese.test(text)) words.push(text);
  }
} else {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent || foreign(parent) || !shown(parent) || parent.closest('code, textarea, script')) continue;
    const text = walker.currentNode.textContent.trim();
    // What is written for machines stays as it is: JSON, and a stream with its id.
    if (/[A-Za-z]{2}/.test(text) && !/^[{[]|[0-9a-f]{8}-[0-9a-f]{4}-/.test(text)) words.push(text);
  }
}
return {
  // What web::page calls it, in builds for development.
  page: performance.getEntriesByType('navigation')[0].serverTiming.find(({ name }) => name === 'page')?.description ?? '',
  status: performance.getEntriesByType('navigation')[0].responseStatus,
  lang: document.documentElement.lang,
  type: parseFloat(getComputedStyle(document.body).fontSize),
  scroll: box.scrollWidth,
  inner: innerWidth,
  wide,
  words: [...new Set(words)],
};

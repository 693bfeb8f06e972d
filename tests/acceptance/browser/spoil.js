// A page with one of everything that must be found: no label, too pale, too wide, not translated.
const main = document.querySelector('main');
main.innerHTML = '<h2>Save it</h2><input><p>太淡,太宽</p>';
Object.assign(main.lastChild.style, { width: '900px', color: '#ccc', background: '#fff' });

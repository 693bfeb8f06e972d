// The way back from a record leads to the list as it was left: its filter, its order, its page.
const LISTS = ['/today', '/hazards'];
const store = (act) => { try { return act(sessionStorage); } catch { return null; } };

export default function init() {
  const back = document.querySelector('.head .back');
  if (!back) {
    if (!document.querySelector('.rows, .empty')) return;
    store((box) => {
      box.setItem(`list ${location.pathname}`, location.search);
      if (LISTS.includes(location.pathname)) box.setItem('list', location.pathname);
    });
    return;
  }
  const to = back.getAttribute('href');
  // A hazard is looked at from what is to be done as often as from the list.
  const last = store((box) => box.getItem('list'));
  const path = LISTS.includes(to) && LISTS.includes(last) && location.pathname !== '/hazards/new' ? last : to;
  back.href = path + (store((box) => box.getItem(`list ${path}`)) || '');
}

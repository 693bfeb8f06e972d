// Makes photos smaller before they travel (longest side 1600, JPEG 0.8), which also drops what the camera wrote
// into them; shows them, lets them be removed, shows how far the upload is.
const LONGEST = 1600;
const QUALITY = 0.8;

async function shrink(file) {
  if (!file.type.startsWith('image/') || file.type === 'image/gif') return file;
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
    if (!blob) return file;
    return new File([blob], file.name.replace(/\.[^.]*$/, '') + '.jpg', { type: 'image/jpeg' });
  } catch {
    return file; // The server makes it smaller, or says what is wrong with it.
  } finally {
    URL.revokeObjectURL(url);
  }
}

// Photos already chosen, by field: they outlive an answer that shows the form again.
const kept = new Map();

function setUp(box) {
  const input = box.querySelector('input[type=file]');
  const list = box.querySelector('[data-previews]');
  const status = box.querySelector('[data-status]');
  const most = Number(box.dataset.most);
  const photos = kept.get(input.name) || [];
  kept.set(input.name, photos);

  function show() {
    const bag = new DataTransfer();
    list.textContent = '';
    for (const photo of photos) {
      bag.items.add(photo.file);
      const item = document.createElement('li');
      const image = document.createElement('img');
      image.src = photo.url;
      image.alt = photo.file.name;
      const button = document.createElement('button');
      button.type = 'button';
      button.setAttribute('aria-label', `${box.dataset.remove} ${photo.file.name}`);
      const cross = document.createElement('span');
      cross.textContent = '×';
      button.append(cross);
      button.addEventListener('click', () => {
        URL.revokeObjectURL(photo.url);
        photos.splice(photos.indexOf(photo), 1);
        show();
        input.focus();
      });
      item.append(image, button);
      list.append(item);
    }
    input.files = bag.files;
  }

  async function add(files) {
    const room = most - photos.length;
    status.textContent = box.dataset.working;
    for (const file of files.slice(0, room)) {
      const small = await shrink(file);
      photos.push({ file: small, url: URL.createObjectURL(small) });
    }
    show();
    status.textContent = files.length > room ? box.dataset.tooMany : '';
  }

  let working = Promise.resolve();
  input.addEventListener('change', () => {
    const files = [...input.files];
    working = working.then(() => add(files));
  });
  if (photos.length) show();
  return { box, status, ready: () => working };
}

// The answer takes the place of the page; its scripts start again, chosen photos stay.
function replace(html) {
  const answer = new DOMParser().parseFromString(html, 'text/html');
  document.title = answer.title;
  document.body.replaceWith(document.adoptNode(answer.body));
  // What the server kept stands in the form already.
  for (const list of document.querySelectorAll('[data-photos] .kept')) {
    kept.delete(list.closest('[data-photos]').querySelector('input[type=file]').name);
  }
  scrollTo(0, 0);
  document.dispatchEvent(new Event('xiaoan:page'));
}

// Said where the finger is: beside the button that was pressed.
function unsent(form, words) {
  const said = document.createElement('p');
  said.className = 'errors unsent';
  said.setAttribute('role', 'alert');
  said.tabIndex = -1;
  said.textContent = words;
  form.querySelector('.buttons:last-of-type').before(said);
  said.focus();
  dispatchEvent(new CustomEvent('xiaoan:unsent', { detail: { form } }));
}

function send(form, by, mine) {
  form.querySelector('.unsent')?.remove();
  const data = new FormData(form);
  if (by && by.name) data.append(by.name, by.value);
  const { status, box } = mine[0];
  const bar = document.createElement('progress');
  bar.max = 100;
  status.after(bar);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('x-xiaoan-upload', '1');
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      bar.value = total ? Math.round((loaded / total) * 100) : 0;
      status.textContent = box.dataset.sending.replace('{percent}', bar.value);
    });
    request.addEventListener('error', () => {
      bar.remove();
      status.textContent = '';
      unsent(form, box.dataset.failed);
      done();
    });
    request.addEventListener('load', () => {
      // Whatever led nowhere else is the page to show, not only a refusal.
      const led = request.status < 400 && request.responseURL !== new URL(form.action, location.href).href;
      const taken = led && new URL(request.responseURL).pathname !== '/sign-in';
      dispatchEvent(new CustomEvent('xiaoan:sent', { detail: { taken } }));
      if (led) location.assign(request.responseURL);
      else replace(request.responseText);
      done();
    });
    request.send(data);
  });
}

export default function init() {
  // Old browsers without DataTransfer keep the plain control.
  try { new DataTransfer().items.add(new File([''], 'a')); } catch { return; }
  const boxes = [...document.querySelectorAll('[data-photos]')].map(setUp);
  for (const form of new Set(boxes.map(({ box }) => box.closest('form')).filter(Boolean))) {
    const mine = boxes.filter(({ box }) => box.closest('form') === form);
    let sending = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (sending) return;
      sending = true;
      await Promise.all(mine.map((each) => each.ready()));
      await send(form, event.submitter, mine);
      sending = false;
    });
  }
}

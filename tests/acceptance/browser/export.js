// Sends the form of the page that offers an export.
const form = document.createElement('form');
form.method = 'post';
form.action = '/exports';
const fields = { _csrf: document.querySelector('[name=_csrf]').value, list: 'hazards', filter: '', format: 'csv' };
for (const [name, value] of Object.entries(fields)) {
  const field = document.createElement('input');
  Object.assign(field, { name, value });
  form.append(field);
}
document.body.append(form);
form.submit();

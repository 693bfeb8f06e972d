// Asks the server for an address without showing the answer.
const done = arguments[arguments.length - 1];
fetch(arguments[0], { redirect: 'manual' }).then((answer) => done({
  status: answer.status,
  html: (answer.headers.get('content-type') || '').startsWith('text/html'),
}), () => done({ status: 0, html: false }));

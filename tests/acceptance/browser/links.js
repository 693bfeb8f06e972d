// Where the page leads on this site, pictures and style sheets included.
const found = new Set();
for (const element of document.querySelectorAll('a[href], img[src], link[href]')) {
  const url = new URL(element.href || element.src, location.href);
  if (url.origin === location.origin) found.add(url.pathname + url.search);
}
return [...found];

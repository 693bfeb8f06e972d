// Runs axe on the page; answers one line for each violation.
const done = arguments[arguments.length - 1];
axe.run(document, {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  // Of the last tag axe leaves this one off unless it is named.
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
}).then(({ violations }) => done(violations.map(({ id, nodes }) => {
  const first = nodes[0];
  return `${id} (${nodes.length}): ${first.html.slice(0, 160)} | ${first.failureSummary.replace(/\s+/g, ' ').slice(0, 240)}`;
})), (error) => done([`axe itself: ${error}`]));

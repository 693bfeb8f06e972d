// Where the focus is: "here", "elsewhere", or what has it without showing it.
const at = document.activeElement;
const rings = [at, at.nextElementSibling, at.closest('.drop')].filter(Boolean);
const ringed = rings.some((each) => {
  const { outlineStyle, outlineWidth } = getComputedStyle(each);
  return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
});
const { top, bottom, width } = at.getBoundingClientRect();
if (at !== document.body && !(ringed && width > 0 && bottom > 0 && top < innerHeight)) return at.outerHTML.slice(0, 120);
return at.matches(arguments[0]) ? 'here' : 'elsewhere';

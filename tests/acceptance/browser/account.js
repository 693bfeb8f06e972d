// The address of the account that signs in with this name.
const links = [...document.querySelectorAll("td a[href^='/accounts/']")];
return links.find((link) => link.textContent.trim() === arguments[0])?.getAttribute('href') ?? null;

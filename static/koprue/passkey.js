// The browser's refusal of a passkey would otherwise be seen in the console only.
document.addEventListener("allauth.error", (event) => {
  const trouble = document.querySelector("[data-passkey-trouble]");
  if (trouble) {
    event.preventDefault();
    trouble.hidden = false;
  }
});

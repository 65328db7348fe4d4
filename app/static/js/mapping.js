// A field that has a list is taken whole when it is entered, so that typing searches the list instead of appending.
document.addEventListener('focusin', (event) => {
  if (event.target.matches('#mapping input[list]')) event.target.select();
});

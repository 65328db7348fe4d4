// The API's document in its viewer: a key typed under "Authorize" is kept by this page only.
const place = document.getElementById("docs");

window.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  docExpansion: "none", // above two hundred operations only those in sight are drawn: by groups nothing is missed
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: false,
  validatorUrl: null,
  supportedSubmitMethods: ["get", "post", "put", "patch", "delete"],
});

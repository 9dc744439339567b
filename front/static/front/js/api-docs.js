// The API reference. Calls carry only what is typed under "Authorize": never the cookies of somebody signed in.
"use strict";
SwaggerUIBundle({
  domNode: document.getElementById("reference"),
  url: document.getElementById("reference").dataset.schema,
  deepLinking: true,
  validatorUrl: null, // the default would send our address to another site
  requestInterceptor: (request) => Object.assign(request, { credentials: "omit" }),
});

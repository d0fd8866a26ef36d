// The reference of the REST interface, drawn by Swagger UI from the schema.
const reference = document.getElementById("reference");

SwaggerUIBundle({
  domNode: reference,
  url: reference.dataset.schema,
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
});

"""The API for people to read and try: Swagger UI over our own OpenAPI document, served from our own files.

Swagger UI was chosen because it works under a Content-Security-Policy without `unsafe-inline` and `unsafe-eval` and
asks nothing of another machine: the viewers that write style sheets as they go (Redoc, Scalar, RapiDoc, Elements) do
not. `scripts/vendor-docs` puts it in `files/swagger-ui`, with its licence.
"""

// The members of `examples`, the JSON Schema list, validate against the schema that they stand in. (spectral:oas
// looks at `example` and at the keyed examples of media types and parameters only.)

import { schema as validate } from '@stoplight/spectral-functions';

import { schemas } from './schemas.js';

// References lead to #/components. Only a schema with one carries them along: compiling costs by size.
const selfContained = (schema, document) =>
  JSON.stringify(schema).includes('"$ref"') ? { ...schema, components: document.components } : schema;

export default (document, _options, context) =>
  schemas(document)
    .filter(({ schema }) => Array.isArray(schema.examples))
    .flatMap(({ schema: { examples, ...schema }, path }) => {
      const options = { schema: selfContained(schema, document), dialect: 'draft2020-12' };
      return examples.flatMap(
        (example, index) => validate(example, options, { ...context, path: [...path, 'examples', index] }) ?? [],
      );
    });

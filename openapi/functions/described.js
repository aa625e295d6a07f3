// Every component schema and every property says what it means, itself or in the component that it points at.

import { follow, schemas } from './schemas.js';

const says = (schema) => typeof schema.description === 'string' && schema.description.trim() !== '';

export default (document) =>
  schemas(document)
    .filter(({ kind }) => kind === 'component' || kind === 'property')
    .filter(({ schema }) => !says(schema) && !says(follow(document, schema)))
    .map(({ kind, name, path }) => ({ message: `The ${kind} ${name} must have a description.`, path }));

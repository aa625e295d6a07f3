// Every component schema, property and parameter has an example: its own, that of its items, or one of the component
// that it stands in. A reference needs none, because the component that it leads to is looked at in its own right;
// nor does an enumeration, whose values are its examples.

import { follow, parameters, schemas } from './schemas.js';

const isFilled = (value) => typeof value === 'object' && value !== null && Object.keys(value).length > 0;

const hasOwnExample = (holder) => holder.example !== undefined || isFilled(holder.examples);

const needsNone = (schema) =>
  schema.$ref !== undefined || schema.enum !== undefined || schema.const !== undefined || schema.type === 'null';

// What a schema is made of; where each part has an example, so has the whole.
function parts(schema) {
  const lists = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => list ?? []);
  const single = [schema.items, schema.additionalProperties].filter(isFilled);
  return [...lists, ...single, ...Object.values(schema.properties ?? {})];
}

function hasExample(schema) {
  if (hasOwnExample(schema) || needsNone(schema)) return true;
  const inside = parts(schema);
  return inside.length > 0 && inside.every(hasExample);
}

// A property may be shown in an example of the whole component instead.
function isShown({ kind, name, owner }) {
  if (kind !== 'property' || owner === undefined) return false;
  const wholes = [owner.example, ...(Array.isArray(owner.examples) ? owner.examples : [])];
  return wholes.some((whole) => whole?.[name] !== undefined);
}

export default (document) => {
  const lacking = schemas(document)
    // Of a component with properties only the property that lacks an example is reported.
    .filter(({ kind, schema }) => kind === 'property' || (kind === 'component' && !isFilled(schema.properties)))
    .filter((found) => !hasExample(found.schema) && !isShown(found));
  const unshown = parameters(document)
    .map(({ holder, path }) => ({ kind: 'parameter', parameter: follow(document, holder), path }))
    .filter(({ parameter }) => !hasOwnExample(parameter) && !hasExample(parameter.schema ?? {}))
    .map(({ kind, parameter, path }) => ({ kind, name: parameter.name, path }));
  return [...lacking, ...unshown].map(({ kind, name, path }) => ({
    message: `The ${kind} ${name} must have an example.`,
    path,
  }));
};

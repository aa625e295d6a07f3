// Shared by the rules: finds every schema that is written in the document, each once, where it is written.
// References are not followed while walking: the component that they point at is visited in its own right.

const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace']);

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const entries = (value) => (isObject(value) ? Object.entries(value) : []);

/** The operations of the document: [{path, item, method, operation}]. */
export function operations(document) {
  return entries(document.paths).flatMap(([path, item]) =>
    entries(item)
      .filter(([method, operation]) => METHODS.has(method) && isObject(operation))
      .map(([method, operation]) => ({ path, item, method, operation })),
  );
}

/** The value that a reference within the document leads to; anything else is returned as it is. */
export function follow(document, value) {
  const seen = new Set();
  let current = value;
  while (isObject(current) && typeof current.$ref === 'string' && current.$ref.startsWith('#/')) {
    if (seen.has(current.$ref)) return {};
    seen.add(current.$ref);
    current = current.$ref
      .slice(2)
      .split('/')
      .map((part) => decodeURIComponent(part).replace(/~1/g, '/').replace(/~0/g, '~'))
      .reduce((target, key) => target?.[key], document);
  }
  return current ?? {};
}

/**
 * Every schema: {schema, path, kind, name, owner}. `kind` is component, property, parameter or inline; `name` is
 * the name of the component, property or parameter; `owner` the component that a property stands in, if any.
 */
export function schemas(document) {
  const found = [];

  function visit(schema, path, kind, name, owner) {
    if (!isObject(schema)) return;
    found.push({ schema, path, kind, name, owner });
    for (const [key, value] of entries(schema.properties)) {
      visit(value, [...path, 'properties', key], 'property', key, owner);
    }
    for (const keyword of ['items', 'additionalProperties', 'not', 'contains', 'propertyNames']) {
      visit(schema[keyword], [...path, keyword], 'inline', undefined, undefined);
    }
    for (const keyword of ['anyOf', 'oneOf', 'allOf', 'prefixItems']) {
      (Array.isArray(schema[keyword]) ? schema[keyword] : []).forEach((member, index) =>
        visit(member, [...path, keyword, index], 'inline', undefined, keyword === 'allOf' ? owner : undefined),
      );
    }
  }

  // A media type, header or parameter carries a schema; a response or request body carries media types.
  function visitHolder(holder, path) {
    if (!isObject(holder)) return;
    const isParameter = 'in' in holder && 'name' in holder;
    visit(holder.schema, [...path, 'schema'], isParameter ? 'parameter' : 'inline', holder.name, undefined);
    for (const group of ['content', 'headers']) {
      for (const [key, value] of entries(holder[group])) visitHolder(value, [...path, group, key]);
    }
  }

  for (const [name, schema] of entries(document.components?.schemas)) {
    visit(schema, ['components', 'schemas', name], 'component', name, schema);
  }
  for (const group of ['parameters', 'responses', 'requestBodies', 'headers']) {
    for (const [name, holder] of entries(document.components?.[group])) {
      visitHolder(holder, ['components', group, name]);
    }
  }
  for (const { holder, path } of parameters(document)) visitHolder(holder, path);
  for (const { path, method, operation } of operations(document)) {
    const at = ['paths', path, method];
    visitHolder(operation.requestBody, [...at, 'requestBody']);
    for (const [status, response] of entries(operation.responses)) {
      visitHolder(response, [...at, 'responses', status]);
    }
  }
  return found;
}

/** Every parameter that is written in a path or an operation: [{holder, path}]. */
export function parameters(document) {
  const list = (holders, path) =>
    (Array.isArray(holders) ? holders : []).map((holder, index) => ({ holder, path: [...path, index] }));
  return [
    ...entries(document.paths).flatMap(([path, item]) => list(item?.parameters, ['paths', path, 'parameters'])),
    ...operations(document).flatMap(({ path, method, operation }) =>
      list(operation.parameters, ['paths', path, method, 'parameters']),
    ),
  ];
}

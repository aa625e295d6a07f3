// /core/error-handling/problem-details: an error is application/problem+json with status, title and detail.

const MEDIA_TYPE = 'application/problem+json';
const MEMBERS = ['status', 'title', 'detail'];

// The properties and required names of a schema, those of its allOf members included.
function members(schema) {
  const parts = [schema, ...(schema?.allOf ?? [])];
  return {
    properties: new Set(parts.flatMap((part) => Object.keys(part?.properties ?? {}))),
    required: new Set(parts.flatMap((part) => part?.required ?? [])),
  };
}

export default (response, _options, context) => {
  // A token endpoint answers as RFC 6749, section 5.2 has it as well.
  const isOfToken = context.path.includes('/oauth/token');
  const types = Object.keys(response?.content ?? {}).filter((type) => !isOfToken || type !== 'application/json');
  if (types.length !== 1 || types[0] !== MEDIA_TYPE) {
    return [{ message: `Error response must be ${MEDIA_TYPE} and nothing else.`, path: [...context.path] }];
  }
  const { properties, required } = members(response.content[MEDIA_TYPE].schema);
  const missing = MEMBERS.filter((name) => !properties.has(name) || !required.has(name));
  if (missing.length === 0) return [];
  return [
    {
      message: `Problem schema must define and require ${missing.join(', ')}.`,
      path: [...context.path, 'content', MEDIA_TYPE],
    },
  ];
};

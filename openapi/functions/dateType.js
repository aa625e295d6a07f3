// /core/date-time/format: a date is "type": "string" with its format; one that may be null is
// "type": ["string", "null"] with its format, never an anyOf of the two.

import { schemas } from './schemas.js';

const FORMATS = new Set(['date', 'date-time', 'time-local']);

const isString = (type) =>
  type === 'string' || (Array.isArray(type) && [...type].sort().join() === 'null,string');

export default (document) =>
  schemas(document).flatMap(({ schema, path }) => {
    const members = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
    if (members.some((member) => FORMATS.has(member?.format))) {
      return [{ message: 'A date that may be null is type ["string", "null"] with a format, not anyOf.', path }];
    }
    if (FORMATS.has(schema.format) && !isString(schema.type)) {
      return [{ message: 'A date must have type "string" or ["string", "null"].', path }];
    }
    return [];
  });

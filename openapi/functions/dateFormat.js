// /core/date-time/format and /core/date-time/date-omit-time-portion, by the name of a property or query parameter.
// Options: `dates` and `dateTimes`, regular expressions for names; `check`, format or omit-time.

import { follow, schemas } from './schemas.js';

const FORMATS = new Set(['date', 'date-time', 'time-local']);

// The format of a schema, or of the one member that is not null where it is written with anyOf or oneOf.
function formatOf(document, written) {
  const schema = follow(document, written);
  const members = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(members)) return schema.format;
  return members.map((member) => follow(document, member)).find((member) => member.type !== 'null')?.format;
}

function wantedFormat(name, options) {
  if (new RegExp(options.dates).test(name)) return 'date';
  if (new RegExp(options.dateTimes).test(name)) return 'date-time';
  return undefined;
}

function complaint(document, { schema, kind, name }, options) {
  const format = formatOf(document, schema);
  const named = kind === 'property' || kind === 'parameter';
  const wanted = named ? wantedFormat(name, options) : undefined;
  if (wanted === 'date' && format === 'date-time') {
    return options.check === 'omit-time' ? `${name} is a date: its format must be date, without a time.` : undefined;
  }
  if (options.check === 'omit-time') return undefined;
  if (wanted !== undefined && format !== wanted) return `${name} must have format ${wanted}.`;
  if (typeof schema.format === 'string' && /^(date|time)/.test(schema.format) && !FORMATS.has(schema.format)) {
    return `Format ${schema.format} is not one of ${[...FORMATS].join(', ')}.`;
  }
  return undefined;
}

export default (document, options) =>
  schemas(document).flatMap((found) => {
    const message = complaint(document, found, options);
    return message === undefined ? [] : [{ message, path: found.path }];
  });

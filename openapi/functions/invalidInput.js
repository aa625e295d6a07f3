// /core/error-handling/invalid-input: who accepts input says what happens when it is invalid.

import { operations } from './schemas.js';

export default (document) =>
  operations(document)
    .filter(
      ({ item, operation }) =>
        operation.requestBody !== undefined || (operation.parameters ?? item.parameters ?? []).length > 0,
    )
    .filter(({ operation }) => operation.responses?.['400'] === undefined)
    .map(({ path, method }) => ({
      message: 'Operation with parameters or a request body must document status 400.',
      path: ['paths', path, method, 'responses'],
    }));

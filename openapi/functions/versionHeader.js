// /core/version-header: the response names the header API-Version, in whatever case.

export default (response, _options, context) => {
  const names = Object.keys(response?.headers ?? {}).map((name) => name.toLowerCase());
  if (names.includes('api-version')) return [];
  return [{ message: 'Response must have the header API-Version.', path: [...context.path] }];
};

// /core/uri-version: the base path carries the major version, v1, and nothing else of the version.

export default (document) => {
  const major = String(document.info?.version ?? '').split('.')[0];
  const problems = [];
  (Array.isArray(document.servers) ? document.servers : []).forEach((server, index) => {
    if (!new RegExp(`/v${major}$`).test(String(server?.url ?? ''))) {
      problems.push({
        message: `Server URL must end with the major version of info.version: /v${major}.`,
        path: ['servers', index, 'url'],
      });
    }
  });
  for (const path of Object.keys(document.paths ?? {})) {
    if (/^\/v\d/.test(path)) {
      problems.push({
        message: `${path} repeats the version that stands in the server URL.`,
        path: ['paths', path],
      });
    }
  }
  return problems;
};

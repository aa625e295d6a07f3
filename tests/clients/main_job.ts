// The main job in TypeScript with the types that openapi-typescript makes of openapi/openapi.json, and openapi-fetch.
//
// Compiled and run by test_generated.py, which sets BASE, PROVIDER, PROVIDER_TOKEN and GI_TOKEN.

import createClient from 'openapi-fetch';
import type { components, paths } from './generated.js';

declare const process: { env: Record<string, string> };
type Asked = components['schemas']['MatchRequest'];

const { BASE, PROVIDER, PROVIDER_TOKEN, GI_TOKEN } = process.env as Record<string, string>;
const as = (token: string) => createClient<paths>({ baseUrl: BASE, headers: { Authorization: `Bearer ${token}` } });
const provider = as(PROVIDER_TOKEN!);
const gi = as(GI_TOKEN!);

function given<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const asked: Pick<Asked, 'child' | 'choices'> = {
  child: { birthMonth: '2014-05', gender: 'female', municipality: 'GM0400', postcode: '1781' },
  choices: [{ careType: 'gezinshuis' }],
};
const own = { providerId: PROVIDER!, key: 'nest' };

given(
  await provider.PUT('/providers/{providerId}/locations/{key}', {
    params: { path: own },
    body: { name: 'Het Nest', postcode: '1781AB' },
  }),
);
const offer = given(
  await provider.PUT('/providers/{providerId}/offers/{key}', {
    params: { path: own },
    body: { name: 'Het Nest', careType: 'gezinshuis', ageMin: 6, ageMax: 17, locationKey: 'nest' },
  }),
);
given(
  await provider.PUT('/offers/{offerId}/capacity', {
    params: { path: { offerId: offer.id } },
    body: { placesTotal: 4, placesFree: 1 },
  }),
);
const ranked = given(await gi.POST('/matches', { body: asked }));
if (ranked.results[0]?.offer.id !== offer.id) throw new Error('the offer is not ranked');
const request = given(await gi.POST('/requests', { body: { ...asked, childReference: 'K-2026-1' } }));
const requestId = request.id;
const matches = given(await gi.GET('/requests/{requestId}/matches', { params: { path: { requestId } } }));
const sent = given(
  await gi.POST('/requests/{requestId}/referrals', {
    params: { path: { requestId } },
    body: { standsFor: 1, offerId: matches.results[0]!.offer.id, summary: { urgency: 'urgent' } },
  }),
);
const referralId = sent.id;
given(
  await provider.POST('/referrals/{referralId}/decisions', {
    params: { path: { referralId } },
    body: { decision: 'accept' },
  }),
);
console.log(given(await gi.GET('/referrals/{referralId}', { params: { path: { referralId } } })).status);

import { errors } from '../errors';
import * as t from '../wire/schema';
import { type Api, api } from './api';

/** ApiVersions, which says what the broker serves. The answer to an unknown version has version 0 and an error code. */
export function apiVersions(apis: readonly Api[]): Api {
	const self = { key: 18, versions: [0, 4] } as const;
	return api({
		...self,
		name: 'ApiVersions',
		flexible: 3,
		request: t.struct({ clientSoftwareName: t.since(3, t.string), clientSoftwareVersion: t.since(3, t.string) }),
		response: t.struct({
			errorCode: t.int16,
			apiKeys: t.array(t.struct({ apiKey: t.int16, minVersion: t.int16, maxVersion: t.int16 })),
			throttleTimeMs: t.since(1, t.int32),
		}),
		handle: (_, { version }) => ({
			errorCode: version > 4 ? errors.unsupportedVersion : errors.none,
			apiKeys: [...apis, self]
				.sort((one, other) => one.key - other.key)
				.map(({ key, versions: [minVersion, maxVersion] }) => ({ apiKey: key, minVersion, maxVersion })),
		}),
	});
}

import type { Failure, PeerEnd, Remedy } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import { isFinal, ofConnack, reasonWords } from '../describe/reasons';
import { type Connack, hex, type Reason } from '../wire/packets';
import type { WireProperties } from '../wire/wire-properties';

const remedies: Record<number, Remedy> = {
	132: { text: 'Choose another MQTT version in the connection.' },
	133: { text: 'Change the client ID of the connection.' },
	134: { text: 'Check user name and password of the connection.' },
	135: { text: 'Check user name and password, and what the broker permits this client.' },
	142: { text: 'Give each client a client ID of its own; leave it empty to generate one for each window.' },
	156: {
		text: 'If you trust it, change the URL to the server that was named. Redirects are not followed automatically.',
	},
	157: {
		text: 'If you trust it, change the URL to the server that was named. Redirects are not followed automatically.',
	},
};

const codes: Record<number, string> = {
	132: 'version-refused',
	133: 'client-id-refused',
	138: 'banned',
	142: 'conflict',
};
const credentials = new Set([134, 135, 140]);

/** The failure for a CONNACK that refuses the connection. */
export function connackFailure(connack: Connack): Failure {
	const isOlder = !connack.properties;
	const code = ofConnack(connack.code, isOlder);
	return {
		code: credentials.has(code) ? 'credentials-refused' : (codes[code] ?? 'connection-refused'),
		message: `The broker refused the connection: ${reasonWords(code)}${server(connack.properties)}.`,
		evidence: `CONNACK ${isOlder ? 'return code' : 'reason code'} ${isOlder ? connack.code : hex(code)}${propertyEvidence(connack.properties)}`,
		remedy: remedies[code],
		final: isFinal(code, 'connect'),
		end: endOf(connack.code, connack.properties, code),
	};
}

/** The failure for a DISCONNECT of the broker. */
export function disconnectFailure({ code, properties }: Reason): Failure {
	return {
		code: codes[code] ?? 'disconnected-by-broker',
		message: `The broker ended the connection${code === 0 ? '' : `: ${reasonWords(code)}`}${server(properties)}.`,
		evidence: `DISCONNECT reason code ${hex(code)}${propertyEvidence(properties)}`,
		remedy: remedies[code],
		final: isFinal(code, 'later'),
		end: endOf(code, properties),
	};
}

/** The code as on the wire, with the broker's reason string or else the words of MQTT 5 for the code. */
export function endOf(code: number, properties?: { reasonString?: string }, meaning = code): PeerEnd {
	return { code: String(code), reason: peerText(properties?.reasonString ?? reasonWords(meaning)) };
}

/** The broker's reason string and user properties, for evidence. */
export function propertyEvidence(properties: WireProperties | undefined): string {
	const pairs = properties?.userProperties?.map(([name, value]) => `${name}: ${value}`).join(', ');
	return [properties?.reasonString && `"${peerText(properties.reasonString)}"`, pairs && peerText(pairs)]
		.filter((text) => text)
		.map((text) => `, ${text}`)
		.join('');
}

function server(properties: WireProperties | undefined): string {
	return properties?.serverReference ? ` (it names ${peerText(properties.serverReference)})` : '';
}

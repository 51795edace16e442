import type { Sketch, SketchHeader } from '../../shared/commands/sketch';
import { acksHeader, addressOf } from './record';

/** The meaning of a property of a client, for librdkafka (kcat) and for the tools of Apache Kafka. */
export type Property =
	| { kind: 'servers' | 'username' | 'password'; value: string }
	| { kind: 'tls'; tls: boolean }
	/** `produces`: it belongs to a record that is sent, or to reading; undefined: to either. */
	| { kind: 'header'; header: SketchHeader; produces: boolean }
	/** What a connection does by itself. */
	| { kind: 'usual' }
	| { kind: 'other' };

/** Reads `name=value`. */
export function readProperty(text: string): Property {
	const [, given = '', value = ''] = /^([^=]*)=?([\s\S]*)$/.exec(text) ?? [];
	switch (given.trim().replace(/^topic\./, '')) {
		case 'bootstrap.servers':
		case 'metadata.broker.list':
			return { kind: 'servers', value };
		case 'security.protocol': {
			const protocol = value.toUpperCase();
			return ['SSL', 'SASL_SSL', 'PLAINTEXT', 'SASL_PLAINTEXT'].includes(protocol)
				? { kind: 'tls', tls: protocol.endsWith('SSL') }
				: { kind: 'other' };
		}
		case 'sasl.username':
			return { kind: 'username', value };
		case 'sasl.password':
			return { kind: 'password', value };
		case 'sasl.mechanism':
		case 'sasl.mechanisms':
			return { kind: value.toUpperCase() === 'PLAIN' ? 'usual' : 'other' };
		case 'acks':
		case 'request.required.acks': {
			const [header] = acksHeader(value);
			return header ? { kind: 'header', header, produces: true } : { kind: 'other' };
		}
		case 'compression.codec':
		case 'compression.type':
			return { kind: 'header', header: ['Compression', value], produces: true };
		case 'isolation.level':
			return { kind: 'header', header: ['Isolation', value], produces: false };
		case 'auto.offset.reset': {
			const from = {
				earliest: 'earliest',
				smallest: 'earliest',
				beginning: 'earliest',
				latest: 'latest',
				end: 'latest',
			}[value];
			return from === undefined ? { kind: 'other' } : { kind: 'header', header: ['From', from], produces: false };
		}
		case 'sasl.jaas.config':
			return { kind: 'other' };
		default:
			return { kind: 'other' };
	}
}

/** User and password of `sasl.jaas.config` (Java, LoginModule); undefined for any other property. */
export function loginOf(text: string): { username?: string; password?: string } | undefined {
	const [, config] = /^\s*sasl\.jaas\.config=([\s\S]*)$/.exec(text) ?? [];
	if (config === undefined) return undefined;
	const value = (name: string) =>
		new RegExp(`\\b${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(config)?.[1]?.replace(/\\(.)/g, '$1');
	return { username: value('username'), password: value('password') };
}

/** A property for a remark. Its value is left out if its name suggests a secret. */
export const withoutSecret = (text: string): string =>
	/^[^=]*(?:password|secret|jaas|token|\.pem|key\.(?!location|serializer|deserializer)|credential|oauthbearer|basic\.auth)[^=]*=/i.test(
		text,
	)
		? `${text.slice(0, text.indexOf('='))}=PASSWORD`
		: text;

/** Properties of librdkafka for TLS and login. The user replaces PASSWORD and, where it differs, the mechanism. */
export function secured(sketch: Sketch): [string, string][] {
	const { tls } = addressOf(sketch);
	const { username } = sketch;
	if (username === undefined) return tls ? [['security.protocol', 'ssl']] : [];
	return [
		['security.protocol', tls ? 'sasl_ssl' : 'sasl_plaintext'],
		['sasl.mechanisms', 'PLAIN'],
		['sasl.username', username],
		['sasl.password', 'PASSWORD'],
	];
}

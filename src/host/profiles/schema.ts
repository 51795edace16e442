import { isRecord } from '../../base/check';
import { payloadFormats } from '../../model/contracts/payload';
import { limitSettings, section } from '../../model/contracts/settings';
import type { Field } from '../../model/profile/field';
import { checkFields } from '../../model/profile/message-checks';
import type { Mode, ProtocolDescription } from '../../protocols/description';

type Schema = Record<string, unknown>;

/** JSON schema of the settings, generated from the descriptions of the protocols. It completes and checks connections. */
export function configurationProperties(descriptions: readonly ProtocolDescription[]): Record<string, Schema> {
	const megabytes = limitSettings['log.maxMegabytes'];
	const limit = (name: keyof typeof limitSettings, markdownDescription: string): [string, Schema] => {
		const { min, max, default: usual } = limitSettings[name];
		return [
			`${section}.${name}`,
			{ type: 'integer', default: usual, minimum: min, maximum: max, scope: 'machine', markdownDescription },
		];
	};
	return {
		[`${section}.connections`]: {
			type: 'array',
			default: [],
			scope: 'resource',
			markdownDescription: `Saved connections. They do not contain passwords, which are kept in VS Code’s secret storage. You can use \`\${env:NAME}\` and \`\${workspaceFolder}\` in any text.`,
			items: connectionSchema(descriptions),
		},
		...Object.fromEntries([
			limit(
				'log.maxMegabytes',
				`Maximum size of a session’s log in megabytes of payload, up to ${megabytes.max}. Beyond it, the oldest messages are dropped.`,
			),
			limit(
				'log.maxMessages',
				'Maximum number of messages in a session’s log. Beyond it, the oldest messages are dropped.',
			),
			limit(
				'log.maxTopics',
				'Maximum number of topics, queues or resources in the tree. Messages of further ones are still logged.',
			),
		]),
		[`${section}.files.showResults`]: {
			type: 'string',
			enum: ['beside', 'panel', 'never'],
			enumDescriptions: [
				'In a read-only document beside the file.',
				'In the log of the connection’s panel.',
				'Inline after the request; click “Result” to open.',
			],
			default: 'beside',
			scope: 'resource',
			markdownDescription: 'Where to show the messages that a request of a message file has received.',
		},
	};
}

/**
 * Values to complete, without a restriction: `checkProfile` reports what is wrong, and VS Code would report it once more. A
 * schema that is one of several alternatives is still used for completion.
 */
const suggested = (schema: Schema): Schema => ({ anyOf: [schema, {}] });

function connectionSchema(descriptions: readonly ProtocolDescription[]): Schema {
	return {
		properties: {
			id: { description: 'Unique id of the connection. Stored passwords are bound to it.' },
			name: { description: 'Name shown in the sidebar.' },
			protocol: {
				description: 'Protocol of the server.',
				...suggested({
					enum: descriptions.map(({ id }) => id),
					enumDescriptions: descriptions.map(({ summary }) => summary),
				}),
			},
			url: { description: 'Address of the server, without a password.' },
			production: {
				...suggested({ type: 'boolean', default: false }),
				description: 'Highlights this connection and asks before sending anything to it.',
			},
			color: {
				description: 'Color of the connection’s panel: red, orange, yellow, green, blue, purple, or one of CSS.',
			},
			checks: checksSchema,
			secrets: {
				description:
					'Names of the secret fields that this connection needs. You are asked for those that are not stored on this machine.',
			},
		},
		defaultSnippets: descriptions.map((one) => ({
			label: `New ${one.label} connection`,
			body: { id: '$1', name: '$2', protocol: one.id, url: `$\{3:${one.urlPlaceholder.replace(/[{}$\\]/g, '\\$&')}}` },
		})),
		allOf: descriptions.map((one) => ({
			if: { properties: { protocol: { const: one.id } }, required: ['protocol'] },
			// biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema.
			then: protocolSchema(one),
		})),
	};
}

const checksSchema: Schema = {
	markdownDescription:
		'Marks received messages as replayed, old, duplicate, missing a predecessor or out of order, by fields of the messages. A field is a path in the JSON body, such as `seq` or `data.seq`, or `header NAME`.',
	items: {
		properties: fieldProperties(checkFields),
		defaultSnippets: [
			{
				label: 'Replayed and old messages',
				body: { target: '$1', nonce: `$\{2:nonce}`, timestamp: `$\{3:at}`, window: `$\{4:30s}` },
			},
			{ label: 'Gaps, duplicates and order', body: { target: '$1', sequence: `$\{2:seq}` } },
		],
	},
};

function protocolSchema({ profile, subscription }: ProtocolDescription): Schema {
	return {
		properties: {
			...fieldProperties(profile.flatMap(({ fields }) => [...fields])),
			...(subscription
				? {
						subscriptions: {
							description: 'Subscriptions that start when the connection opens.',
							items: {
								properties: {
									target: { description: `e.g. ${subscription.placeholder}` },
									...modeProperty(subscription.modes),
									...fieldProperties([
										...subscription.fields,
										...(subscription.modes?.flatMap(({ fields }) => fields ?? []) ?? []),
									]),
								},
							},
						},
					}
				: {}),
		},
	};
}

/** Modes that can start automatically. */
function modeProperty(modes: readonly Mode[] = []): Schema {
	const quiet = modes.filter(({ intrusive }) => !intrusive);
	if (quiet.length === 0) return {};
	return {
		mode: suggested({
			enum: quiet.map(({ id }) => id),
			enumDescriptions: quiet.map(({ label, sideEffect }) => `${label}: ${sideEffect}`),
			default: quiet[0]?.id,
		}),
	};
}

/** Dotted keys become nested objects. */
function fieldProperties(fields: readonly Field[]): Schema {
	const root: Schema = {};
	for (const field of fields) {
		// A secret is neither suggested nor accepted.
		if (field.type === 'secret') continue;
		const parts = field.key.split('.');
		const last = parts.pop() ?? '';
		let place = root;
		for (const part of parts) {
			const inner = isRecord(place[part]) ? place[part] : { properties: {} };
			place[part] = inner;
			place = inner.properties as Schema;
		}
		place[last] = fieldSchema(field);
	}
	return root;
}

function fieldSchema(field: Exclude<Field, { type: 'secret' }>): Schema {
	const about = [field.label + ('unit' in field && field.unit ? ` (${field.unit})` : ''), field.help].filter(Boolean);
	const risk = field.risk ? [`In a workspace this needs your approval: ${field.risk.text}`] : [];
	return { ...suggested(typeSchema(field)), description: [...about, ...risk].join('. ').replaceAll('.. ', '. ') };
}

const bytesSchema: Schema = {
	anyOf: [
		{ type: 'string' },
		{
			type: 'object',
			properties: { format: { enum: [...payloadFormats] }, text: { type: 'string' } },
			required: ['format', 'text'],
			additionalProperties: false,
		},
	],
};

function typeSchema(field: Exclude<Field, { type: 'secret' }>): Schema {
	switch (field.type) {
		case 'text':
			return {
				type: 'string',
				...('default' in field ? { default: field.default } : {}),
				...(field.suggest ? { examples: [...field.suggest] } : {}),
			};
		case 'multiline':
		case 'file':
			return { type: 'string' };
		case 'number':
			return {
				type: field.integer ? 'integer' : 'number',
				minimum: field.min,
				maximum: field.max,
				...(field.default === undefined ? {} : { default: field.default }),
			};
		case 'boolean':
			return { type: 'boolean', default: field.default };
		case 'choice':
			return {
				enum: field.choices.map(({ value }) => value),
				enumDescriptions: field.choices.map(({ label, help }) => (help ? `${label}. ${help}` : label)),
				default: field.default,
			};
		case 'list':
			return { type: 'array', items: { type: 'string' } };
		case 'pairs':
			return {
				type: 'array',
				items: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 },
			};
		case 'bytes':
			return field.many ? { type: 'array', items: bytesSchema } : bytesSchema;
	}
}

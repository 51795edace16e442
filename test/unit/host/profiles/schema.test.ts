import assert from 'node:assert/strict';
import test from 'node:test';
import { isRecord } from '../../../../src/base/check';
import { configurationProperties } from '../../../../src/host/profiles/schema';
import { checkProfile } from '../../../../src/model/profile/check';
import { fieldsOf } from '../../../../src/model/profile/fields';
import { descriptions } from '../../../../src/protocols/descriptions';

const schema = configurationProperties(descriptions)['messagingWorkbench.connections']?.items;

/** Keywords with which VS Code would report a value. */
const restricting = [
	'type',
	'enum',
	'const',
	'required',
	'pattern',
	'minimum',
	'maximum',
	'minLength',
	'minItems',
	'not',
];

/** Paths of schemas that restrict a value. A condition (`if`) and one of several alternatives do not. */
function restrictions(value: unknown, path: string): string[] {
	if (Array.isArray(value)) return value.flatMap((one, at) => restrictions(one, `${path}.${at}`));
	if (!isRecord(value)) return [];
	const { if: _, anyOf, properties, ...rest } = value;
	const isFree = Array.isArray(anyOf) && anyOf.some((one) => isRecord(one) && Object.keys(one).length === 0);
	return [
		...restricting.filter((keyword) => Object.hasOwn(rest, keyword)).map((keyword) => `${path}: ${keyword}`),
		...(anyOf !== undefined && !isFree ? [`${path}: anyOf`] : []),
		...Object.entries(isRecord(properties) ? properties : {}).flatMap(([key, one]) =>
			restrictions(one, `${path}.${key}`),
		),
		...['items', 'allOf', 'then'].flatMap((key) => restrictions(rest[key], `${path}.${key}`)),
	];
}

test('the schema completes connections and leaves their problems to the check, which reports each once', () => {
	assert.ok(schema);
	assert.deepEqual(restrictions(schema, 'connection'), []);
	assert.deepEqual(restrictions({ properties: { a: { enum: [1] } } }, 'x'), ['x.a: enum']);
	assert.match(JSON.stringify(schema), /"mqttVersion":\{"anyOf":\[\{"enum":\["auto"/);
});

/** Dotted keys of the properties of a schema. */
function keysOf(value: unknown, start = ''): string[] {
	const { properties } = isRecord(value) ? value : {};
	return Object.entries(isRecord(properties) ? properties : {}).flatMap(([key, one]) => [
		start + key,
		...keysOf(one, `${start}${key}.`),
	]);
}

test('no secret is offered as a field', () => {
	assert.ok(isRecord(schema) && Array.isArray(schema.allOf));
	for (const [at, description] of descriptions.entries()) {
		const keys = keysOf(schema.allOf[at]?.then);
		for (const { key, type } of fieldsOf(description)) assert.equal(keys.includes(key), type !== 'secret', key);
	}
});

/** What the schema reported before is reported by the check. */
const good = { id: 'a', name: 'A', protocol: 'mqtt', url: 'mqtt://h' };
const wrong: Record<string, unknown> = {
	'no object': 'text',
	'no id': { ...good, id: undefined },
	'an empty name': { ...good, name: '' },
	'an unknown protocol': { ...good, protocol: 'pigeon' },
	'another scheme': { ...good, url: 'http://h' },
	'text for a number': { ...good, keepalive: 'soon' },
	'a number out of range': { ...good, connectTimeout: 0 },
	'a fraction': { ...good, keepalive: 1.5 },
	'another choice': { ...good, mqttVersion: '6' },
	'text for a checkbox': { ...good, cleanStart: 'no' },
	'a value for a group': { ...good, tls: true },
	'a password': { ...good, password: 'x' },
	'a number for a name': { ...good, name: 1 },
	'a text for production': { ...good, production: 'yes' },
	'a text for secrets': { ...good, secrets: 'password' },
	'a subscription without target': { ...good, subscriptions: [{}] },
	'a mode that takes messages away': {
		...{ id: 'a', name: 'A', protocol: 'amqp', url: 'amqp://h' },
		subscriptions: [{ target: 'queue/a', mode: 'consume' }],
	},
};
for (const [name, entry] of Object.entries(wrong))
	test(`${name} is reported once`, () =>
		assert.equal(checkProfile(JSON.parse(JSON.stringify(entry)), descriptions).length, 1));

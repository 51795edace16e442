import { fail } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import { listValue, numberValue, pairsValue, textValue } from '../../shared/values';
import type { Amqp1Mode } from '../describe/ids';
import { readTyped } from '../describe/values/typed-text';
import type { Value } from '../wire/codec/values';
import { types } from '../wire/library';

/** The descriptor of the selector of JMS, as Apache registered it. */
const selectorCode = 0x468c_0000_0004;
const selectorName = 'apache.org:selector-filter:string';

/** The source that a subscription asks for, in the form of rhea; `filters`: the names of its filters. */
export function sourceOf(subscription: Subscription, mode: Amqp1Mode): { source: object; filters: string[] } {
	const filter: Record<string, unknown> = {};
	const selector = textValue(subscription as never, 'selector');
	if (selector !== undefined) filter[selectorName] = types.wrap_described(selector, selectorCode);
	for (const [name, text] of pairsValue(subscription as never, 'filters')) {
		try {
			filter[name] = types.wrap_described(libraryValue(readTyped(text, `"${name}"`)), types.wrap_symbol(name) as never);
		} catch (error) {
			throw fail('bad-field', error instanceof Error ? error.message : 'A filter is not valid.', { field: 'filters' });
		}
	}
	const names = Object.keys(filter);
	const capabilities = listValue(subscription as never, 'sourceCapabilities');
	return {
		filters: names,
		source: {
			address: subscription.target,
			...(mode === 'browse' && { distribution_mode: 'copy' }),
			...(names.length > 0 && { filter }),
			...(capabilities.length > 0 && { capabilities }),
		},
	};
}

/** The value of a filter for rhea, which writes integers of up to 53 bits. */
function libraryValue(value: Value): unknown {
	switch (value.type) {
		case 'null':
			return null;
		case 'boolean':
			return value.value;
		case 'string':
			return types.wrap_string(value.value);
		case 'symbol':
			return types.wrap_symbol(value.value);
		case 'ubyte':
			return types.wrap_ubyte(value.value);
		case 'ushort':
			return types.wrap_ushort(value.value);
		case 'uint':
			return types.wrap_uint(value.value);
		case 'byte':
			return types.wrap_byte(value.value);
		case 'short':
			return types.wrap_short(value.value);
		case 'int':
			return types.wrap_int(value.value);
		case 'float':
			return types.wrap_float(value.value);
		case 'double':
			return types.wrap_double(value.value);
		case 'ulong':
		case 'long':
		case 'timestamp': {
			const number = Number(value.value);
			if (!Number.isSafeInteger(number)) throw new Error('An integer of a filter has at most 53 bits.');
			if (value.type === 'timestamp') return types.wrap_timestamp(number);
			return value.type === 'long' ? types.wrap_long(number) : types.wrap_ulong(number);
		}
		case 'binary':
			return types.wrap_binary(Buffer.from(value.value));
		case 'list':
			return types.wrap_list(value.value.map(libraryValue));
		case 'map':
			return types.wrap_map(
				Object.fromEntries(
					value.value.map(([key, one]) => [String((key as { value?: unknown }).value), libraryValue(one)]),
				),
			);
		default:
			throw new Error(`A filter cannot have a value of the type ${value.type}.`);
	}
}

/** The credit of a subscription. `initial`: unless it says another. */
export function creditOf(subscription: Subscription, initial: number): number {
	const credit = numberValue(subscription as never, 'credit') ?? initial;
	return Math.min(2000, Math.max(1, Math.floor(credit)));
}

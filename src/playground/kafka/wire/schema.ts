import { Malformed, type Reader } from './reader';
import { Writer } from './writer';

/** How a value stands in a message. `In` is what is written: members of structures may be left out there. */
export interface Type<Out, In = Out> {
	read(from: Reader): Out;
	write(to: Writer, value: In): void;
	/** The value of a field that a version does not have. */
	absent(): Out;
	/** First and last version that have the field. Without: all. */
	versions?: readonly [number, number];
	/** The number of a tagged field (KIP-482). */
	tag?: number;
}

type AnyType = Type<unknown, never>;
export type OutOf<T> = T extends Type<infer Out, never> ? Out : never;
export type InOf<T> = T extends Type<unknown, infer In> ? In : never;
type Fields = Record<string, AnyType>;
type Struct<F extends Fields> = Type<{ [K in keyof F]: OutOf<F[K]> }, { [K in keyof F]?: InOf<F[K]> }>;

export const int8: Type<number> = {
	read: (from) => from.int8(),
	write: (to, value) => to.int8(value),
	absent: () => 0,
};
export const int16: Type<number> = {
	read: (from) => from.int16(),
	write: (to, value) => to.int16(value),
	absent: () => 0,
};
export const int32: Type<number> = {
	read: (from) => from.int32(),
	write: (to, value) => to.int32(value),
	absent: () => 0,
};
export const int64: Type<bigint> = {
	read: (from) => from.int64(),
	write: (to, value) => to.int64(value),
	absent: () => 0n,
};
export const bool: Type<boolean> = {
	read: (from) => from.int8() !== 0,
	write: (to, value) => to.int8(value ? 1 : 0),
	absent: () => false,
};
/** As 32 hexadecimal digits. */
export const uuid: Type<string> = {
	read: (from) => from.uuid(),
	write: (to, value) => to.raw(Buffer.from(value, 'hex')),
	absent: () => '0'.repeat(32),
};
export const string: Type<string> = {
	read(from) {
		return from.take(from.stringLength()).toString();
	},
	write(to, value) {
		const bytes = Buffer.from(value);
		to.stringLength(bytes.length);
		to.raw(bytes);
	},
	absent: () => '',
};
export const bytes: Type<Buffer> = {
	read: (from) => from.take(from.length()),
	write(to, value) {
		to.length(value.length);
		to.raw(value);
	},
	absent: () => Buffer.alloc(0),
};
export const nullableString: Type<string | null> = {
	read(from) {
		const length = from.stringLength();
		return length < 0 ? null : from.take(length).toString();
	},
	write: (to, value) => (value === null ? to.stringLength(-1) : string.write(to, value)),
	absent: () => null,
};
export const nullableBytes: Type<Buffer | null> = {
	read(from) {
		const length = from.length();
		return length < 0 ? null : from.take(length);
	},
	write: (to, value) => (value === null ? to.length(-1) : bytes.write(to, value)),
	absent: () => null,
};

export function array<Out, In>(element: Type<Out, In>): Type<Out[], readonly In[]> {
	const nullable = nullableArray(element);
	return {
		read: (from) => nullable.read(from) ?? [],
		write: (to, value) => nullable.write(to, value),
		absent: () => [],
	};
}

export function nullableArray<Out, In>(element: Type<Out, In>): Type<Out[] | null, readonly In[] | null> {
	return {
		read(from) {
			const count = from.length();
			if (count < 0) return null;
			// Each element has at least one byte: a claimed count costs no memory.
			if (count > from.left) throw new Malformed('An array is longer than the request.');
			return Array.from({ length: count }, () => element.read(from));
		},
		write(to, value) {
			to.length(value === null ? -1 : value.length);
			for (const one of value ?? []) element.write(to, one);
		},
		absent: () => null,
	};
}

/** Fields in the order of the message. In flexible versions the tagged fields follow. */
export function struct<const F extends Fields>(fields: F): Struct<F> {
	const all = Object.entries(fields);
	const plain = all.filter(([, type]) => type.tag === undefined);
	const tagged = all.filter(([, type]) => type.tag !== undefined);
	const has = ({ versions }: AnyType, version: number) =>
		versions === undefined || (version >= versions[0] && version <= versions[1]);
	return {
		read(from) {
			const value: Record<string, unknown> = {};
			for (const [name, type] of plain) value[name] = has(type, from.version) ? type.read(from) : type.absent();
			for (const [name, type] of tagged) value[name] = type.absent();
			if (from.flexible) {
				from.tags((tag) => {
					const known = tagged.find(([, type]) => type.tag === tag && has(type, from.version));
					if (known) value[known[0]] = known[1].read(from);
					return known !== undefined;
				});
			}
			return value as { [K in keyof F]: OutOf<F[K]> };
		},
		write(to, value) {
			const given = value as Record<string, unknown>;
			for (const [name, type] of plain) {
				if (has(type, to.version)) type.write(to, (given[name] ?? type.absent()) as never);
			}
			if (!to.flexible) return;
			const present = tagged.filter(([name, type]) => given[name] !== undefined && has(type, to.version));
			to.unsigned(present.length);
			for (const [name, type] of present) {
				const inner = new Writer(to.version, true);
				type.write(inner, given[name] as never);
				const encoded = inner.done();
				to.unsigned(type.tag as number);
				to.unsigned(encoded.length);
				to.raw(encoded);
			}
		},
		absent: () =>
			Object.fromEntries(all.map(([name, type]) => [name, type.absent()])) as { [K in keyof F]: OutOf<F[K]> },
	};
}

/** A field from a version on. `otherwise` is its value in earlier versions. */
export function since<Out, In>(version: number, type: Type<Out, In>, otherwise?: Out): Type<Out, In> {
	return between(version, Number.POSITIVE_INFINITY, type, otherwise);
}

export function between<Out, In>(first: number, last: number, type: Type<Out, In>, otherwise?: Out): Type<Out, In> {
	return { ...type, versions: [first, last], absent: otherwise === undefined ? type.absent : () => otherwise };
}

export function tagged<Out, In>(tag: number, version: number, type: Type<Out, In>): Type<Out, In> {
	return { ...since(version, type), tag };
}
